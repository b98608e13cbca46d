import { asksForCredentials } from "./credentials.ts";
import type { ExampleCalls } from "./example-calls.ts";
import { keysOf, keyText } from "./rule-keys.ts";
import { rulesLookedAt } from "./rule-matching.ts";
import { TRY_AGAIN } from "./sip-answers.ts";
import type { Call, Conflict, ConflictOptions, Refusal, Rule, Target, Trunk } from "./types.ts";

interface Search {
  trunks: ReadonlyMap<string, Trunk>;
  examples: ExampleCalls;
  target: Target;
}

/**
 * Rules that refuse every call for which they are looked at: two with a key in common, one that has a key twice, one of an
 * unknown kind. Only those that some call reaches. `rules` sorted by id.
 */
export function ruleConflicts(rules: readonly Rule[], search: Search & Required<ConflictOptions>): Conflict[] {
  const found: Conflict[] = [];
  for (const [first, second, trunkIds] of clashingPairs(rules)) {
    if (found.length >= search.limit) break;
    if (!search.concerns([first.id, second.id])) continue;
    const conflict = describe(first, second, trunkIds, search);
    if (conflict) found.push(conflict);
  }
  return found;
}

/** Each pair once, with the trunks both name; none when they clash as rules for all trunks. */
function* clashingPairs(rules: readonly Rule[]): Generator<[Rule, Rule, readonly string[]]> {
  const sharing = new Map<string, Rule[]>();
  for (const rule of rules) {
    if (rule.room.type === "newer") continue;
    if (rule.room.type === "unknown") yield [rule, rule, rule.trunkIds ?? []];
    else for (const other of clashingWith(rule, sharing)) yield [other, rule, trunksOfBoth(other, rule)];
  }
}

/** The earlier rules that have a key of this one, itself when it has one twice; puts it among them. */
function* clashingWith(rule: Rule, sharing: Map<string, Rule[]>): Generator<Rule> {
  const reported = new Set<Rule>();
  for (const key of keysOf(rule)) {
    const text = keyText(key);
    const earlier = sharing.get(text) ?? [];
    for (const other of earlier) {
      if (!reported.has(other)) yield other;
      reported.add(other);
    }
    if (earlier.at(-1) !== rule) earlier.push(rule);
    sharing.set(text, earlier);
  }
}

function trunksOfBoth(a: Rule, b: Rule): string[] {
  const others = new Set(b.trunkIds);
  return (a.trunkIds ?? []).filter((id) => others.has(id));
}

function describe(first: Rule, second: Rule, trunkIds: readonly string[], search: Search): Conflict | undefined {
  const example = exampleFor(first, second, trunkIds, search);
  if (!example) return undefined;
  const refusal: Refusal = first.room.type === "unknown" ? "rule-of-unknown-kind" : "rules";
  return {
    between: first === second ? "rule-itself" : "rules",
    ids: [first.id, second.id],
    example: example.call,
    refusal,
    sip: TRY_AGAIN,
    afterCredentials: example.trunk !== undefined && asksForCredentials(example.trunk, search.target),
    spoofed: false,
  };
}

/** A call on one of their trunks; else one on no trunk, for which all rules are looked at. */
function exampleFor(
  first: Rule,
  second: Rule,
  trunkIds: readonly string[],
  { trunks, examples, target }: Search,
): { call: Call; trunk?: Trunk } | undefined {
  // Rules for all trunks are looked at on every one.
  const areForAll = [first, second].every((rule) => (rule.trunkIds ?? []).length === 0);
  const any = areForAll ? examples.toAny() : undefined;
  const anyTrunk = any && trunks.get(any.id);
  if (any && anyTrunk) return { call: any.call, trunk: anyTrunk };
  for (const id of trunkIds.length > 0 || areForAll ? trunkIds : trunks.keys()) {
    const trunk = trunks.get(id);
    if (!trunk || rulesLookedAt([first, second], trunk).length < 2) continue;
    const call = examples.toTrunk(id);
    if (call) return { call, trunk };
  }
  const call = target === "open-source" ? examples.toNone() : undefined;
  return call && { call };
}
