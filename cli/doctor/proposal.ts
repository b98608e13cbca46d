import { readMetadata, readRuleMark } from "../../providers/dynamic/marks.ts";
import { FINDING_KINDS, type Finding, type FindingCode } from "../../providers/livekit/routing/index.ts";
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
  /** Rules that would be proposed, but they alone take the calls of a trunk that stays. */
  spared: readonly string[];
  /** Trunks that stay and whose rules are all proposed. */
  orphaned: readonly string[];
}

/**
 * What could be removed as legacy: objects that are in the way and that no stack has declared (they carry no mark). With
 * a trunk go the rules that are for proposed trunks only. To be reviewed: of two hand-made objects that clash, both are proposed.
 * Never what this version does not understand, nor a trunk of such a rule, nor what has no id yet; and nothing when a list is missing.
 */
export function proposeLegacy(findings: readonly Finding[], project: SipProject): Proposal {
  if (understandingOf(project).missing.length > 0)
    return { inboundTrunkIds: [], dispatchRuleIds: [], spared: [], orphaned: [] };
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
  const candidates = project.dispatchRules.filter(
    ({ sipDispatchRuleId, trunkIds, name }) =>
      readRuleMark(name) === undefined &&
      isRemovable(sipDispatchRuleId) &&
      (involved.has(sipDispatchRuleId) || (isLeftOver(trunkIds, kept) && !miswritten.has(sipDispatchRuleId))),
  );
  const inTheWay = new Set(cured.filter(({ code }) => code !== "WILDCARD_RULE").flatMap(({ ids }) => ids));
  const isWorking = (rule: Rule) => isWildcard(rule) && !inTheWay.has(rule.sipDispatchRuleId);
  const orphans = orphansWithout(candidates, project, kept);
  const spared = orphans.length > 0 ? candidates.filter(isWorking) : [];
  const rules = candidates.filter((rule) => !spared.includes(rule));
  return {
    inboundTrunkIds: trunks.map((trunk) => entry(trunk.sipTrunkId, trunk.name, trunk.numbers)),
    dispatchRuleIds: rules.map((rule) => entry(rule.sipDispatchRuleId, rule.name, rule.numbers)),
    spared: spared.map(({ sipDispatchRuleId }) => sipDispatchRuleId),
    orphaned: spared.length > 0 ? [] : orphans,
  };
}

/** Trunks that stay, and that have a rule now and none without these. A rule without trunks is for all of them. */
function orphansWithout(removed: readonly Rule[], project: SipProject, kept: ReadonlySet<string>): string[] {
  const goes = new Set(removed);
  const stay = project.dispatchRules.filter((rule) => !goes.has(rule));
  if (stay.some(isWildcard)) return [];
  const served = new Set(stay.flatMap(({ trunkIds }) => trunkIds));
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
  return FINDING_KINDS[one.code].needs === "text" || namesNoTrunk(one);
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
