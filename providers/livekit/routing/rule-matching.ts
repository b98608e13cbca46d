import { normalizeNumber } from "./numbers.ts";
import { compareText } from "./prepared.ts";
import { clashesAmong, isKnown, pinOf } from "./rule-keys.ts";
import type { Call, Explanation, Refusal, Rule, RuleVerdict, Trunk } from "./types.ts";

export interface RuleMatch {
  rule?: Rule;
  clash?: { because: Refusal; candidates: string[] };
  verdicts: Explanation["rules"];
}

/**
 * The rules LiveKit looks at for a call: those of its trunk and the wildcards; ALL of them when no trunk matched
 * (livekit-server pkg/service/ioservice_sip.go, SelectSIPDispatchRule).
 */
export function rulesLookedAt(rules: readonly Rule[], trunk: Trunk | undefined): Rule[] {
  if (!trunk) return [...rules];
  return rules.filter(({ trunkIds = [] }) => trunkIds.length === 0 || trunkIds.includes(trunk.id));
}

/**
 * Which rule takes a call of this trunk (livekit protocol sip/sip.go, MatchDispatchRuleIter). One clash among the rules
 * looked at refuses the call, whatever their numbers are. A rule of the trunk beats a wildcard; then the priority decides.
 * `pin`: what was pressed at the prompt, "" for `#` alone, absent on the first look-up.
 * `rules` sorted by id.
 */
export function matchRule(
  rules: readonly Rule[],
  trunk: Trunk | undefined,
  call: Call,
  pin: string | undefined,
): RuleMatch {
  const lookedAt = rulesLookedAt(rules, trunk);
  const clash = refusalBy(lookedAt);
  const candidates = lookedAt.filter((rule) => filterOf(rule, trunk, call, pin) === undefined);
  const rule = best(candidates.filter(hasTrunks)) ?? best(candidates);
  const verdicts = rules.map((one) => {
    const filtered = filterOf(one, trunk, call, pin);
    return { id: one.id, verdict: clashVerdict(one, clash) ?? filtered ?? beatenBy(one, rule) };
  });
  if (clash) return { clash, verdicts };
  return rule ? { rule, verdicts } : { verdicts };
}

function hasTrunks(rule: Rule): boolean {
  return (rule.trunkIds ?? []).length > 0;
}

function beatenBy(rule: Rule, best: Rule | undefined): RuleVerdict {
  if (rule === best) return "matches";
  return best && hasTrunks(best) && !hasTrunks(rule) ? "beaten-by-trunk-rule" : "beaten-by-priority";
}

function clashVerdict(rule: Rule, clash: RuleMatch["clash"]): RuleVerdict | undefined {
  if (!clash?.candidates.includes(rule.id)) return undefined;
  return rule.room.type === "unknown" ? "unknown-kind" : "clashes";
}

/** The first thing that refuses every call for which these rules are looked at. */
function refusalBy(rules: readonly Rule[]): RuleMatch["clash"] {
  const clashes = [...clashesAmong(rules)];
  const [first] = clashes;
  const unknown = rules.findIndex((rule) => rule.room.type === "unknown");
  if (unknown >= 0 && (!first || unknown < rules.indexOf(first.second))) {
    const candidates = rules.filter((rule) => rule.room.type === "unknown").map((rule) => rule.id);
    return { because: "rule-of-unknown-kind", candidates };
  }
  if (!first) return undefined;
  const ids = new Set(clashes.flatMap((clash) => [clash.first.id, clash.second.id]));
  return { because: "rules", candidates: rules.map((rule) => rule.id).filter((id) => ids.has(id)) };
}

/** Why a rule is not for this call; undefined when it is a candidate. */
function filterOf(rule: Rule, trunk: Trunk | undefined, call: Call, pin: string | undefined): RuleVerdict | undefined {
  const { trunkIds = [], callerNumbers = [], calledNumbers = [] } = rule;
  if (trunkIds.length > 0 && !(trunk && trunkIds.includes(trunk.id))) return "other-trunk";
  const caller = spelling(callerNumbers, call.caller);
  if (caller !== "listed") return caller === "absent" ? "caller-not-listed" : "caller-spelt-differently";
  const called = spelling(calledNumbers, call.called);
  if (called !== "listed") return called === "absent" ? "called-not-listed" : "called-spelt-differently";
  return pinFilter(pinOf(rule), pin);
}

function spelling(list: readonly string[], number: string): "listed" | "spelt-differently" | "absent" {
  if (list.length === 0 || list.includes(number)) return "listed";
  const wanted = normalizeNumber(number);
  return list.some((entry) => normalizeNumber(entry) === wanted) ? "spelt-differently" : "absent";
}

function pinFilter(own: string, pressed: string | undefined): RuleVerdict | undefined {
  if (pressed === undefined) return undefined;
  if (pressed === "") return own === "" ? undefined : "needs-pin";
  if (own === "") return "takes-no-pin";
  return own === pressed ? undefined : "other-pin";
}

/** The first of those with the lowest rank; of equal ranks that with the lower room name or prefix. */
function best(rules: readonly Rule[]): Rule | undefined {
  let winner: Rule | undefined;
  for (const rule of rules) if (!winner || isBefore(rule, winner)) winner = rule;
  return winner;
}

function isBefore(left: Rule, right: Rule): boolean {
  const difference = rank(left) - rank(right);
  return difference === 0 ? compareText(roomTextOf(left), roomTextOf(right)) < 0 : difference < 0;
}

const KIND_RANK = { direct: 0, individual: 1, callee: 2 } as const;
const OPEN_PENALTY = 100;
const NO_NUMBERS_PENALTY = 1000;

/** Lower wins (livekit protocol sip/sip.go, DispatchRulePriority). A PIN outweighs the kind, a list of numbers both. */
function rank({ room, callerNumbers = [], calledNumbers = [] }: Rule): number {
  if (!isKnown(room)) return Number.MAX_SAFE_INTEGER;
  const lists = [callerNumbers, calledNumbers].filter((list) => list.length === 0).length;
  return KIND_RANK[room.type] + (room.pin ? 0 : OPEN_PENALTY) + lists * NO_NUMBERS_PENALTY;
}

function roomTextOf({ room }: Rule): string {
  if (!isKnown(room)) return "";
  return (room.type === "direct" ? room.roomName : room.roomPrefix) ?? "";
}
