import { type Mark, sameMark } from "../dynamic/marks.ts";
import type { Plain } from "../dynamic/plain.ts";
import { adoptedId, isStackMate, type Kind } from "./ownership.ts";

/** What a state knows about how its object came to be. */
interface Origin {
  owner: Mark;
  /** The object as it was found, protobuf JSON. */
  found?: Plain;
  adopt: string;
  onDestroy: "restore" | "delete";
}

/** The part of a new state that remembers an object which somebody else had made. Nothing for one that is new or ours already. */
export function asFound<Live extends { toJson(): unknown }>(
  kind: Kind<Live>,
  existing: Live | undefined,
  owner: Mark,
): { found?: Plain } {
  if (existing === undefined || isStackMate(kind, existing, owner)) return {};
  return { found: existing.toJson() as Plain };
}

/**
 * How the object of a resource ends: deleted, written back as it was found, or kept as it is. Kept is what another
 * resource of the stack has taken over since, and an adopted one of which nobody knows any more how it was found.
 */
export function endOf<Live>(kind: Kind<Live>, live: Live, state: Origin): "delete" | "keep" | Plain {
  const mark = kind.markOf(live);
  if (mark !== undefined && !sameMark(mark, state.owner)) return "keep";
  if (state.onDestroy === "delete") return "delete";
  if (state.found !== undefined) return state.found;
  return adoptedId(state.adopt) === kind.idOf(live) ? "keep" : "delete";
}
