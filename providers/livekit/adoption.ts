import { type Mark, sameMark } from "../dynamic/marks.ts";
import type { Plain } from "../dynamic/plain.ts";
import type { Before } from "../dynamic/replacement.ts";
import { wasLeft } from "./leaving.ts";
import { adoptedId, type Claim, chooseExisting, isStackMate, type Kind, requireOurs } from "./ownership.ts";

/** What a state knows about how its object came to be. */
interface Origin {
  owner: Mark;
  /** The object as it was found, protobuf JSON. */
  found?: Plain;
  adopt: string;
  onDestroy: "restore" | "delete";
}

/**
 * The live object for a resource that is made: that of the instance before it, else by mark or to be adopted. Undefined: to be created.
 * @throws as chooseExisting.
 */
export function existingFor<Live>(
  kind: Kind<Live>,
  objects: Live[],
  claim: Claim,
  before: Before<Origin> | undefined,
): Live | undefined {
  const kept = objects.find((object) => kind.idOf(object) === before?.id && !wasLeft(kind.idOf(object)));
  if (kept !== undefined) requireOurs(kind, kept, claim.owner, ...(before ? [before.state.owner] : []));
  // What the instance before has adopted is gone with it: that is no reason to have none.
  const isAdopted = before !== undefined && before.state.adopt === claim.adopt;
  return kept ?? chooseExisting(kind, objects, isAdopted ? { ...claim, adopt: "" } : claim);
}

/** The part of a new state that remembers an object which somebody else had made. Nothing for one that is new or ours already. */
export function foundOf<Live extends { toJson(): unknown }>(
  kind: Kind<Live>,
  existing: Live | undefined,
  owner: Mark,
  before: Before<Origin> | undefined,
): { found?: Plain } {
  if (existing === undefined) return {};
  if (kind.idOf(existing) === before?.id) return before.state.found === undefined ? {} : { found: before.state.found };
  return isStackMate(kind, existing, owner) ? {} : { found: existing.toJson() as Plain };
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
