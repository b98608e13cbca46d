import type { Finding } from "../types.ts";
import { FINDING_KINDS } from "./catalogue.ts";

/** What is known of a project. */
export interface Known {
  /** Every inbound trunk, and every dispatch rule, is there. */
  hasAllTrunks: boolean;
  hasAllRules: boolean;
  /** Ids of objects with a field or a value that this version does not know, kinds of rules included. */
  strange: ReadonlySet<string>;
  /** Ids of rules whose kind is not known: nothing can be said about them. */
  unknownKinds: ReadonlySet<string>;
  /** The trunks that a rule is for: without any, all of them. None of anything else. */
  trunksOf: (id: string) => readonly string[];
  /** Whether some inbound trunk has something in it that this version does not know: such a trunk may take any call. */
  hasStrangeTrunks: boolean;
  /** Whether some rule has something in it that this version does not know: such a rule may take any call. */
  hasStrangeRules: boolean;
}

/** Whether a finding is true no matter what was not given or is not understood: asked once, before any of them is told. */
export function isSure({ code, ids, conflict }: Finding, known: Known): boolean {
  const { needs } = FINDING_KINDS[code];
  if (needs === "nothing") return true;
  if (ids.some((id) => known.unknownKinds.has(id))) return false;
  if (needs === "text") return true;
  if (ids.some((id) => known.strange.has(id))) return false;
  if (needs === "rules") return known.hasAllRules && !known.hasStrangeRules;
  const isAboutCallsOfTrunks = needs === "trunks" || (conflict !== undefined && conflict.between !== "trunks");
  if (!isAboutCallsOfTrunks) return true;
  // Rules clash for calls that no other trunk takes.
  if (conflict !== undefined && known.hasStrangeTrunks) return false;
  return known.hasAllTrunks && !ids.some((id) => known.trunksOf(id).some((trunk) => known.strange.has(trunk)));
}
