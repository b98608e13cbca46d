import type { Handler } from "../dynamic/resource.ts";
import { hostKey } from "./environment.ts";

/** What a project that the stack leaves still has of it. */
export interface Left {
  kind: "outbound trunk" | "inbound trunk" | "dispatch rule";
  id: string;
  name: string;
}

/**
 * The projects that this run of the engine leaves, and what it has left there: `check` and `delete` of all resources are called in one
 * process, and the last resource of the stack, which removes what was left, too.
 */
const leaving = new Map<string, { host: string; objects: Left[] }>();

/** The stack moves from a project to another one. */
export function leave(host: string, to: string): void {
  leaving.delete(hostKey(to)); // a way back in the same process: only tests go there
  if (hostKey(host) !== hostKey(to) && !leaving.has(hostKey(host))) leaving.set(hostKey(host), { host, objects: [] });
}

/** The projects that are left, each with what `delete` has kept there. */
export function leftProjects(): { host: string; objects: Left[] }[] {
  return [...leaving.values()];
}

/** Kept for the end: a project under another name is the same one, and its new object must not be the old one. */
export function wasLeft(id: string): boolean {
  return leftProjects().some(({ objects }) => objects.some((object) => object.id === id));
}

/** What the state of an object in LiveKit has. */
interface Bound {
  host: string;
  name: string;
  adopt: string;
  found?: object | undefined;
}

/**
 * A handler whose objects outlive a move: in the project that is left they go on taking calls until everything works in the new one, and
 * are there still when the move is called off. An adopted object is given back at once, since only this state knows how it was found.
 */
export function leavable<I extends object, O extends I & Bound>(
  kind: Left["kind"],
  handler: Handler<I, O>,
): Handler<I, O> {
  return {
    ...handler,
    async delete(id, state) {
      const project = leaving.get(hostKey(state.host));
      const isGivenBack = state.adopt !== "" || state.found !== undefined;
      if (project === undefined || isGivenBack) return handler.delete(id, state);
      project.objects.push({ kind, id, name: state.name });
    },
  };
}
