import { isRefusedAlone, refusedRules, refusedTrunks } from "./api-refusals.ts";
import { findConflicts } from "./conflicts.ts";
import { lintRule } from "./lint-rule.ts";
import { lintTrunk } from "./lint-trunk.ts";
import { prepareTrunks, sortRules } from "./prepared.ts";
import type { Conflict, Finding, LintOptions, Rule, Target, Trunk } from "./types.ts";

/**
 * Everything about these trunks and rules that does, or could, surprise whoever made them: clashes first, then what the
 * API refuses, then each trunk and each rule by itself. No message has a password or a PIN in it.
 */
export function lint(trunks: readonly Trunk[], rules: readonly Rule[], options: LintOptions = {}): Finding[] {
  const { target = "open-source", agentNames, areAgentNamesAll = true, own = new Set() } = options;
  const sorted = sortRules(rules);
  const prepared = prepareTrunks(trunks);
  const byId = new Map(prepared.map((trunk) => [trunk.trunk.id, trunk]));
  const served = new Set(rules.flatMap(({ trunkIds = [] }) => trunkIds));
  const hasWildcard = rules.some(({ trunkIds = [] }) => trunkIds.length === 0);
  return [
    ...clashes(trunks, rules, own, target),
    ...[...refusedTrunks(prepared), ...refusedRules(sorted)].map(({ ids, because }) => refusal(ids, because)),
    ...prepared.filter(({ trunk }) => isRefusedAlone(trunk)).map(({ trunk }) => openTrunk(trunk)),
    ...prepared.flatMap((trunk) => lintTrunk(trunk, { target, hasRule: hasWildcard || served.has(trunk.trunk.id) })),
    ...sorted.flatMap((rule) => lintRule(rule, { trunks: byId, target, agentNames, areAgentNamesAll })),
  ];
}

/** Own ones are looked for by themselves: however many others have, they hide none of these. */
function clashes(
  trunks: readonly Trunk[],
  rules: readonly Rule[],
  own: ReadonlySet<string>,
  target: Target,
): Finding[] {
  const find = (isWanted: boolean) =>
    findConflicts(trunks, rules, { target, concerns: (ids) => ids.some((id) => own.has(id)) === isWanted });
  return [...(own.size > 0 ? find(true) : []), ...find(false)].map(clash);
}

function clash(conflict: Conflict): Finding {
  const { between, ids, refusal, spoofed } = conflict;
  const isItself = between === "rule-itself" && refusal === "rules";
  return {
    code: isItself ? "RULE_CLASHES_WITH_ITSELF" : "CALLS_CLASH",
    severity: spoofed ? "warning" : "error",
    ids: [...new Set(ids)],
    message: `${WHAT_CLASHES[refusal]}: ${exampleText(conflict)}.`,
    conflict,
  };
}

const WHAT_CLASHES: Record<Conflict["refusal"], string> = {
  "trunks-with-called-number": "Both trunks serve the called number for the same callers",
  "trunks-without-numbers": "Both trunks have no called numbers and let the same callers in",
  rules:
    "The same trunk, caller number, called number and PIN twice (normalised), which refuses every call on the trunk",
  "rule-of-unknown-kind": "A rule of a kind that LiveKit cannot evaluate refuses every call for which it is looked at",
  "source-address": "The source address is no IP address",
};

function exampleText({ example, sip, spoofed, afterCredentials }: Conflict): string {
  const { caller, called, sourceAddress, fromHost } = example;
  const host = fromHost === undefined ? "" : ` with host ${fromHost} in From`;
  const forged = spoofed ? ", for a caller who writes another trunk's address into From" : "";
  const late = afterCredentials ? " after the right credentials" : "";
  return `from ${caller} (${sourceAddress}${host}) to ${called} the answer is ${sip.status} ${sip.reason}${late}${forged}`;
}

function refusal(ids: [string, string], because: string): Finding {
  const what = ids[0] === ids[1] ? "refuses this rule" : "does not accept one beside the other";
  return {
    code: "API_REFUSES",
    severity: "warning",
    ids: [...new Set(ids)],
    message: `The API ${what}: ${because}.`,
  };
}

function openTrunk({ id }: Trunk): Finding {
  const message = "The API refuses a trunk with neither credentials, allowed addresses nor called numbers.";
  return { code: "API_REFUSES_OPEN_TRUNK", severity: "error", ids: [id], message };
}
