import { exampleCalls } from "./example-calls.ts";
import { prepareTrunks, sortRules } from "./prepared.ts";
import { ruleConflicts } from "./rule-conflicts.ts";
import { trunkConflicts } from "./trunk-conflicts.ts";
import type { Conflict, ConflictOptions, Rule, Trunk } from "./types.ts";

const DEFAULT_LIMIT = 1000;

/**
 * Every pair of trunks, and of rules, because of which LiveKit answers some call with 503, each with such a call; plain
 * ones first. Without any, no call from an IP address is refused because of trunks and rules. The time grows with the
 * size of the lists and the number of conflicts, not with the number of pairs.
 *
 * A pair of rules that no call reaches (their trunk is always taken by another) is not in here; nor are calls without a
 * source address, which livekit-sip never sends.
 */
export function findConflicts(
  trunks: readonly Trunk[],
  rules: readonly Rule[],
  { limit = DEFAULT_LIMIT, concerns = () => true, target = "open-source" }: ConflictOptions = {},
): Conflict[] {
  const prepared = prepareTrunks(trunks);
  const examples = exampleCalls(prepared);
  const byId = new Map(prepared.map(({ trunk }) => [trunk.id, trunk]));
  const ofTrunks = trunkConflicts(prepared, examples, { limit, concerns });
  const ofRules = ruleConflicts(sortRules(rules), { trunks: byId, examples, target, limit, concerns });
  return [...ofTrunks, ...ofRules].sort((a, b) => Number(a.spoofed) - Number(b.spoofed));
}
