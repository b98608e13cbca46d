import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Refusal, refuse } from "./refusal.ts";
import type { Route } from "./route.ts";
import { ROUTES } from "./routes.ts";
import { Store } from "./store.ts";

export const API_KEY = "key-of-the-heroku-account";

/** One request that came in. */
export interface Recorded {
  method: string;
  path: string;
  body: unknown;
}

/**
 * Heroku's Platform API, as far as the Terraform provider uses it, and the web dynos of its apps: `GET /web/<app>/readyz` answers
 * as the middleware of the newest release would. It checks the key and the media type, and records every request.
 */
export class HerokuApi {
  readonly store = new Store();
  readonly requests: Recorded[] = [];
  readonly #server: Server = createServer((request, response) => void this.#answer(request, response));

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** The recorded requests that change something, as `METHOD path` with names for ids. */
  changes(): string[] {
    const names = new Map(this.store.apps.map(({ id, name }) => [id, name]));
    return this.requests
      .filter(({ method }) => method !== "GET")
      .map(({ method, path }) => `${method} ${path.replace(/[0-9a-f-]{36}/g, (id) => names.get(id) ?? "ID")}`);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const content = Buffer.concat(chunks);
    try {
      const { status, body } = this.#handle(request, content);
      send(response, status, body);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      send(response, error.status, { id: error.id, message: error.message });
    }
  }

  #handle(request: IncomingMessage, content: Buffer): { status: number; body: unknown } {
    const method = request.method ?? "";
    const path = new URL(request.url ?? "/", this.url).pathname;
    if (path.startsWith("/uploads/")) return this.#upload(method, path, content);
    if (path.startsWith("/web/")) return this.#dyno(path);
    requireKey(request);
    const body = content.length > 0 ? (JSON.parse(content.toString()) as Record<string, unknown>) : {};
    this.requests.push({ method, path, body });
    const [route, parts] = routeOf(method, path);
    const answer = route.answer(this.store, { body, parts, base: this.url, headers: request.headers });
    return { status: route.status ?? 200, body: answer };
  }

  /** Where archives are put: no key, as in the store behind Heroku's signed addresses. */
  #upload(method: string, path: string, content: Buffer): { status: number; body: unknown } {
    if (method !== "PUT") return { status: 405, body: {} };
    this.requests.push({ method, path, body: `${content.length} bytes` });
    this.store.uploads.set(path, content);
    return { status: 200, body: {} };
  }

  #dyno(path: string): { status: number; body: unknown } {
    const app = this.store.app(path.split("/")[2] ?? "");
    const deployed = app?.builds.filter(({ status }) => status === "succeeded").at(-1);
    const isUp = (app?.formation.get("web")?.quantity ?? 0) > 0;
    if (app === undefined || deployed === undefined || !isUp) return { status: 503, body: { status: "no dyno" } };
    const { version: build } = deployed.source;
    return { status: 200, body: { status: "ready", build, trunkId: app.vars.LIVEKIT_OUTBOUND_TRUNK_ID ?? "" } };
  }
}

function requireKey({ headers }: IncomingMessage): void {
  const [scheme, credentials = ""] = (headers.authorization ?? "").split(" ");
  const key = scheme === "Basic" ? Buffer.from(credentials, "base64").toString().split(":")[1] : credentials;
  if (key !== API_KEY) refuse(401, "unauthorized", "Invalid credentials provided.");
  if (headers.accept !== "application/vnd.heroku+json; version=3")
    refuse(404, "not_found", "The requested API endpoint was not found: name the version in Accept");
}

function routeOf(method: string, path: string): [Route, Record<string, string>] {
  for (const route of ROUTES) {
    const pattern = route.path.replace(/:(\w+)/g, "(?<$1>[^/]+)");
    const match = route.method === method ? new RegExp(`^${pattern}$`).exec(path) : null;
    if (match !== null) return [route, { ...match.groups }];
  }
  return refuse(404, "not_found", `The requested API endpoint was not found: ${method} ${path}`);
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
