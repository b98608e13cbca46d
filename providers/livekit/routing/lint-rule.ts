import type { FindingCode } from "./findings/catalogue.ts";
import { allowsNumber, normalizeNumber } from "./numbers.ts";
import type { PreparedTrunk } from "./prepared.ts";
import { pinOf } from "./rule-keys.ts";
import type { Finding, Rule, Severity, Target } from "./types.ts";

export interface RuleSurroundings {
  trunks: ReadonlyMap<string, PreparedTrunk>;
  target: Target;
  agentNames: readonly string[] | undefined;
  areAgentNamesAll: boolean;
}

/** What is to be said about a rule beside these trunks. */
export function lintRule(rule: Rule, { trunks, target, agentNames, areAgentNamesAll }: RuleSurroundings): Finding[] {
  const { trunkIds = [] } = rule;
  const own = trunkIds.flatMap((id) => trunks.get(id) ?? []);
  const missing = trunkIds.filter((id) => !trunks.has(id));
  const reach = trunkIds.length === 0 ? [...trunks.values()] : own;
  const agents = (rule.agents ?? []).map(({ name }) => name);
  const unknown = agents.filter((name) => name !== "" && agentNames?.includes(name) === false);
  const about = (code: FindingCode, severity: Severity, message: string) => ({
    code,
    severity,
    ids: [rule.id],
    message,
  });
  const letsInUnasked: Severity = target === "open-source" ? "error" : "warning";
  const never = whyNever(rule, own);
  const found: (Finding | false | undefined | "")[] = [
    missing.length > 0 &&
      about(
        "RULE_POINTS_TO_DELETED_TRUNK",
        "warning",
        `The rule names trunks that do not exist: ${missing.join(", ")}.`,
      ),
    trunkIds.length === 0 &&
      about(
        "WILDCARD_RULE",
        letsInUnasked,
        "The rule has no trunks: it answers calls that no trunk matched, without asking for credentials.",
      ),
    never && about("RULE_NEVER_MATCHES", "warning", never),
    unknown.length > 0 &&
      (areAgentNamesAll || rule.declared) &&
      about("UNKNOWN_AGENT", "error", `The rule dispatches agents that nobody declares: ${unknown.join(", ")}.`),
    canCrash(rule, reach, trunkIds.length === 0) &&
      about(
        "ANONYMOUS_CALLER_CRASHES_SERVER",
        letsInUnasked,
        "The rule hides phone numbers: a caller without one makes livekit-server 1.13.5 panic.",
      ),
  ];
  return [...found.filter((one) => one !== false && one !== undefined && one !== ""), ...misspelt(rule, own)];
}

/** Longest input at livekit-sip's prompt; `#` ends it (pkg/sip/inbound.go, pinPrompt). */
const TYPEABLE_PIN = /^[0-9*A-D]{0,16}$/;

function whyNever(rule: Rule, own: readonly PreparedTrunk[]): string | undefined {
  const { trunkIds = [], calledNumbers = [], callerNumbers = [] } = rule;
  if (!TYPEABLE_PIN.test(pinOf(rule))) return "No caller can enter the rule's PIN (at most 16 of 0-9, * and A-D).";
  if (trunkIds.length === 0) return undefined;
  if (own.length === 0) return "Every trunk of the rule is gone: no call is given to it.";
  const meets = (list: readonly string[], numbers: ReadonlySet<string>) =>
    list.length === 0 || numbers.size === 0 || list.some((number) => numbers.has(normalizeNumber(number)));
  if (!own.some(({ called }) => meets(calledNumbers, called)))
    return `No trunk of the rule serves any of its called numbers (${calledNumbers.join(", ")}).`;
  if (!own.some(({ callers }) => meets(callerNumbers, callers)))
    return `No trunk of the rule lets any of its caller numbers in (${callerNumbers.join(", ")}).`;
  return undefined;
}

function canCrash(rule: Rule, reach: readonly PreparedTrunk[], isWildcard: boolean): boolean {
  if (!rule.hidePhoneNumber || !listsEmpty(rule.callerNumbers)) return false;
  return isWildcard || reach.some(({ trunk }) => listsEmpty(trunk.callerNumbers));
}

function listsEmpty(numbers: readonly string[] = []): boolean {
  return allowsNumber(numbers, "");
}

/** Trunks compare normalised, rules character by character: where they spell a number differently, only one of two ways of dialling works. */
function misspelt(rule: Rule, own: readonly PreparedTrunk[]): Finding[] {
  return own.flatMap(({ trunk }) => {
    const called = otherSpellings(rule.calledNumbers, trunk.calledNumbers);
    const callers = otherSpellings(rule.callerNumbers, trunk.callerNumbers);
    return [...called, ...callers].map(([ofRule, ofTrunk]) => ({
      code: "NUMBER_SPELT_DIFFERENTLY" as const,
      severity: "warning" as const,
      ids: [rule.id, trunk.id],
      message: `The rule lists ${ofRule}, its trunk ${ofTrunk}: only calls spelt ${ofRule} reach the rule.`,
    }));
  });
}

function otherSpellings(ofRule: readonly string[] = [], ofTrunk: readonly string[] = []): [string, string][] {
  return ofRule.flatMap((number): [string, string][] => {
    const same = ofTrunk.filter((other) => normalizeNumber(other) === normalizeNumber(number));
    return same[0] !== undefined && !same.includes(number) ? [[number, same[0]]] : [];
  });
}
