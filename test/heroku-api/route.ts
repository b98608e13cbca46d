import { refuse } from "./refusal.ts";
import type { Store, StoredApp } from "./store.ts";

/** A request that came in, as the routes see it. */
export interface Request {
  body: Record<string, unknown>;
  /** What the path's `:name` parts are. */
  parts: Record<string, string>;
  /** The server's own address, without `/` at the end. */
  base: string;
  headers: NodeJS.Dict<string | string[]>;
}

export interface Route {
  method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  path: string;
  status?: number;
  answer(store: Store, request: Request): unknown;
}

/** A route below one app, which has to be there. */
export function ofApp(
  method: Route["method"],
  path: string,
  answer: (app: StoredApp, store: Store, request: Request) => unknown,
  status = 200,
): Route {
  const find = (store: Store, request: Request) => {
    const app = store.app(request.parts.app ?? "") ?? refuse(404, "not_found", "Couldn't find that app.");
    return answer(app, store, request);
  };
  return { method, path: `/apps/:app${path}`, status, answer: find };
}

/** A text that was sent, empty when there was none. */
export const text = (value: unknown) => (typeof value === "string" ? value : "");

/** What was asked for, or 404. */
export function found<T>(item: T | undefined, what: string): T {
  return item ?? refuse(404, "not_found", `Couldn't find that ${what}.`);
}
