import { readMetadata, readRuleMark } from "../../providers/dynamic/marks.ts";
import { CHAPTERS, FINDING_KINDS, type Finding, type FindingCode } from "../../providers/livekit/routing/index.ts";
import { isMadeUp } from "../livekit/forms/made-up-ids.ts";
import type { SipProject } from "../livekit/project.ts";
import { understandingOf } from "../livekit/understanding.ts";
import type { LegacyEntries, LegacyEntry } from "./stack-file.ts";

/** Findings that the removal of their objects ends. The others ask for a change of the object, or are about a working one. */
const CURED_BY_REMOVAL: ReadonlySet<FindingCode> = new Set([
  "CALLS_CLASH",
  "RULE_CLASHES_WITH_ITSELF",
  "RULE_NEVER_MATCHES",
  "TRUNK_WITHOUT_RULE",
  "WILDCARD_RULE",
]);

/** What could be removed, and what has to be known before. */
export interface Proposal extends LegacyEntries {
  /** Of rules that clash the one that is not proposed. */
  ofClash: readonly string[];
  /** Rules that would be proposed, but they alone take the calls of a trunk that stays. */
  spared: readonly string[];
  /** Trunks that stay, and of whose rules none that is left is known to take calls. */
  orphaned: readonly string[];
}

/**
 * What could be removed as legacy: objects that are in the way and that no stack has declared (they carry no mark). With
 * a trunk go the rules that are for proposed trunks only. To be reviewed: of two hand-made trunks that clash both are proposed, of rules that clash one is not.
 * Never what this version does not understand, nor a trunk of such a rule, nor what has no id yet; and nothing when a list is missing.
 */
export function proposeLegacy(findings: readonly Finding[], project: SipProject): Proposal {
  if (understandingOf(project).missing.length > 0)
    return { inboundTrunkIds: [], dispatchRuleIds: [], ofClash: [], spared: [], orphaned: [] };
  const strange = notUnderstood(project);
  const isRemovable = (id: string) => !strange.has(id) && !isMadeUp(id);
  const miswritten = new Set(findings.filter(isMiswritten).flatMap(({ ids }) => ids));
  const isMeantFor = ({ code, ids }: Finding) =>
    (code === "RULE_NEVER_MATCHES" && ids.some((id) => miswritten.has(id))) ||
    (code === "TRUNK_WITHOUT_RULE" && findings.some(namesNoTrunk));
  const cured = findings.filter((one) => isCuredByRemoval(one) && !isMeantFor(one));
  const involved = new Set(cured.flatMap(({ ids }) => ids.filter(isRemovable)));
  const trunks = project.inboundTrunks.filter(
    ({ sipTrunkId, metadata }) => involved.has(sipTrunkId) && readMetadata(metadata).mark === undefined,
  );
  const kept = new Set(
    project.inboundTrunks.filter((trunk) => !trunks.includes(trunk)).map((trunk) => trunk.sipTrunkId),
  );
  const never = new Set(findings.filter(({ code }) => code === "RULE_NEVER_MATCHES").flatMap(({ ids }) => ids));
  const candidates = project.dispatchRules.filter(
    ({ sipDispatchRuleId, trunkIds, name }) =>
      readRuleMark(name) === undefined &&
      isRemovable(sipDispatchRuleId) &&
      (involved.has(sipDispatchRuleId) || (isLeftOver(trunkIds, kept) && !miswritten.has(sipDispatchRuleId))),
  );
  const rivals = rivalsIn(cured);
  const dead = new Set(cured.filter(isOfNoUse).flatMap(({ ids }) => ids));
  const isOfUse = ({ sipDispatchRuleId, trunkIds }: Rule) =>
    !dead.has(sipDispatchRuleId) && !isLeftOver(trunkIds, kept);
  const goes = new Set(candidates);
  const stay = project.dispatchRules.filter((rule) => !goes.has(rule));
  const isClashing = (rule: Rule) => isOfUse(rule) && !isWildcard(rule) && rivals.has(rule.sipDispatchRuleId);
  const ofClash = withoutRivals(candidates.filter(isClashing), stay, rivals);
  const takers = [...stay, ...ofClash].filter(
    ({ sipDispatchRuleId }) => !strange.has(sipDispatchRuleId) && !never.has(sipDispatchRuleId),
  );
  const removed = candidates.filter((rule) => !ofClash.includes(rule));
  const orphans = orphansWithout(removed, takers, kept);
  const isWorking = (rule: Rule) => isWildcard(rule) && isOfUse(rule);
  const spared = orphans.length > 0 ? withoutRivals(removed.filter(isWorking), [...stay, ...ofClash], rivals) : [];
  const rules = removed.filter((rule) => !spared.includes(rule));
  return {
    inboundTrunkIds: trunks.map((trunk) => entry(trunk.sipTrunkId, trunk.name, trunk.numbers)),
    dispatchRuleIds: rules.map((rule) => entry(rule.sipDispatchRuleId, rule.name, rule.numbers)),
    ofClash: ofClash.map(({ sipDispatchRuleId }) => sipDispatchRuleId),
    spared: spared.map(({ sipDispatchRuleId }) => sipDispatchRuleId),
    orphaned: spared.length > 0 ? [] : orphans,
  };
}

/** Which rules clash with which. */
function rivalsIn(cured: readonly Finding[]): Map<string, Set<string>> {
  const rivals = new Map<string, Set<string>>();
  for (const { ids, conflict } of cured) {
    if (conflict?.between !== "rules") continue;
    for (const id of ids) rivals.set(id, new Set([...(rivals.get(id) ?? []), ...ids.filter((other) => other !== id)]));
  }
  return rivals;
}

/** Not one of several that each could do. */
function isOfNoUse({ code }: Finding): boolean {
  return code === "RULE_NEVER_MATCHES" || code === "RULE_CLASHES_WITH_ITSELF";
}

/** Of rules that clash one can stay: the first, where none of the others does anyway. */
function withoutRivals(
  rules: readonly Rule[],
  stay: readonly Rule[],
  rivals: ReadonlyMap<string, ReadonlySet<string>>,
): Rule[] {
  const there = new Set(stay.map(({ sipDispatchRuleId }) => sipDispatchRuleId));
  return rules.filter(({ sipDispatchRuleId: id }) => {
    const isAlone = [...(rivals.get(id) ?? [])].every((other) => !there.has(other));
    if (isAlone) there.add(id);
    return isAlone;
  });
}

/**
 * Trunks that stay, and that these rules name and none of the takers. A rule without trunks is for all of them.
 * @param takers rules that stay and are known to take calls: not those of which something is not understood, nor those that never match
 */
function orphansWithout(removed: readonly Rule[], takers: readonly Rule[], kept: ReadonlySet<string>): string[] {
  if (takers.some(isWildcard)) return [];
  const served = new Set(takers.flatMap(({ trunkIds }) => trunkIds));
  const named = new Set(removed.flatMap(({ trunkIds }) => trunkIds));
  const wereAllServed = removed.some(isWildcard);
  return [...kept].filter((id) => !served.has(id) && (wereAllServed || named.has(id)));
}

type Rule = SipProject["dispatchRules"][number];

function isWildcard({ trunkIds }: Rule): boolean {
  return trunkIds.length === 0;
}

/** Objects with something unknown in them, and the trunks of such rules. */
function notUnderstood({ unknown = [], dispatchRules }: SipProject): Set<string> {
  const own = new Set(unknown.map(({ id }) => id));
  const trunks = dispatchRules
    .filter(({ sipDispatchRuleId }) => own.has(sipDispatchRuleId))
    .flatMap(({ trunkIds }) => trunkIds);
  return new Set([...own, ...trunks]);
}

/**
 * Trunks that clash only for a caller who forges the From host do serve their plain calls. A rule that LiveKit itself cannot evaluate may be one
 * that an earlier or later version of it can.
 */
function isCuredByRemoval({ code, conflict }: Finding): boolean {
  return CURED_BY_REMOVAL.has(code) && conflict?.spoofed !== true && conflict?.refusal !== "rule-of-unknown-kind";
}

/** A text in the object is to be corrected: then it may be what is wanted. */
function isMiswritten(one: Finding): boolean {
  const isNumber = one.code in CHAPTERS["How numbers are written"];
  return isNumber || FINDING_KINDS[one.code].needs === "text" || namesNoTrunk(one);
}

function namesNoTrunk({ code }: Finding): boolean {
  return code === "RULE_NAMES_OUTBOUND_TRUNK" || code === "RULE_NAMES_NO_TRUNK_ID";
}

/** A rule all of whose trunks are gone, or go. One that still has a trunk stays unless it is in the way itself. */
function isLeftOver(trunkIds: string[], kept: ReadonlySet<string>): boolean {
  return trunkIds.length > 0 && !trunkIds.some((id) => kept.has(id));
}

function entry(id: string, name: string, numbers: string[]): LegacyEntry {
  return { id, note: [name === "" ? "(no name)" : name, ...numbers].join(" ") };
}
