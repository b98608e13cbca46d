import { type Known, recognizedAs } from "../../providers/livekit/routing/index.ts";
import { shown } from "../../providers/text/foreign.ts";
import { isMadeUp } from "./forms/made-up-ids.ts";
import { hiddenIn } from "./hidden.ts";
import type { Given, SipProject } from "./project.ts";

/** What is known of a project: asked once, before any finding and any answer about a call is told. */
export interface Understanding extends Known {
  /** What was not given and calls depend on, in sentences. */
  missing: readonly string[];
  /** Parts beside the lists that this version does not know, by their places. */
  beside: readonly string[];
  /** What LiveKit's API does not show and calls depend on, in sentences. */
  hidden: readonly string[];
}

export function understandingOf(project: SipProject): Understanding {
  const unknown = (project.unknown ?? []).filter((part) => recognizedAs(part) === undefined);
  const strange = new Set(unknown.map(({ id }) => id));
  const every = project.inboundTrunks.map(({ sipTrunkId }) => sipTrunkId);
  const trunkIds = new Map(
    project.dispatchRules.map((rule) => [rule.sipDispatchRuleId, rule.trunkIds.length > 0 ? rule.trunkIds : every]),
  );
  const unmatched = unmatchedIn(project);
  const { beside = [] } = project;
  const hasAll = (list: keyof Given) =>
    beside.length === 0 &&
    unmatched.length === 0 &&
    project.given?.[list] !== false &&
    !project.pages?.some((page) => page.list === list);
  return {
    missing: [
      ...notGiven(project),
      ...unmatched,
      ...(project.pages ?? []).map(({ place }) => pageText(place)),
      ...beside.map(besideText),
    ],
    beside,
    hidden: hiddenIn(project),
    hasAllTrunks: hasAll("inboundTrunks"),
    hasAllRules: hasAll("dispatchRules"),
    strange,
    unknownKinds: new Set(unknown.filter(({ what }) => what === "rule kind").map(({ id }) => id)),
    trunksOf: (id) => trunkIds.get(id) ?? [],
    hasStrangeTrunks: project.inboundTrunks.some(({ sipTrunkId }) => strange.has(sipTrunkId)),
    hasStrangeRules: project.dispatchRules.some(({ sipDispatchRuleId }) => strange.has(sipDispatchRuleId)),
  };
}

/** A list that nobody gave is not an empty one. Of a live project nothing is missing. */
function notGiven({ given }: SipProject): string[] {
  return [
    ...(given?.inboundTrunks === false
      ? ["No inbound trunks were given: add lk sip inbound list --json with another --file."]
      : []),
    ...(given?.dispatchRules === false
      ? ["No dispatch rules were given: add lk sip dispatch list --json with another --file."]
      : []),
  ];
}

function pageText(place: string): string {
  return `${shown(place)} says that this is one page of a list: give the others, too.`;
}

function besideText(place: string): string {
  return `${shown(place)} is a part that this version does not know: what it does to calls cannot be told.`;
}

/** Trunks of files for `lk sip … create` have no id yet, and rules name ids: with more than one, nothing says which is whose. */
function unmatchedIn({ inboundTrunks, outboundTrunks, dispatchRules }: SipProject): string[] {
  const trunks = [...inboundTrunks, ...outboundTrunks].map(({ sipTrunkId }) => sipTrunkId);
  if (!trunks.some(isMadeUp)) return [];
  const known = new Set(trunks);
  const [missing] = dispatchRules.flatMap(({ trunkIds }) => trunkIds).filter((id) => !known.has(id));
  if (missing === undefined) return [];
  return [
    `Rules name trunks such as ${shown(missing)}, and there are trunks without an id: give lk sip inbound list --json instead, which has them.`,
  ];
}
