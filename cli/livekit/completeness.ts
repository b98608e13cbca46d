import { shown } from "../../providers/text/foreign.ts";
import { isMadeUp } from "./forms/made-up-ids.ts";
import type { SipProject } from "./project.ts";

/** What files have not said and calls depend on, in sentences. A list that nobody gave is not an empty one. Of a live project nothing is missing. */
export function missingParts(project: SipProject): string[] {
  const { given } = project;
  if (given === undefined) return [];
  return [
    ...(given.inboundTrunks
      ? []
      : ["No inbound trunks were given: add lk sip inbound list --json with another --file."]),
    ...(given.dispatchRules
      ? []
      : ["No dispatch rules were given: add lk sip dispatch list --json with another --file."]),
    ...unmatched(project),
  ];
}

/** Trunks of files for `lk sip … create` have no id yet, and rules name ids: with more than one, nothing says which is whose. */
function unmatched({ inboundTrunks, outboundTrunks, dispatchRules }: SipProject): string[] {
  const trunks = [...inboundTrunks, ...outboundTrunks].map(({ sipTrunkId }) => sipTrunkId);
  const known = new Set(trunks);
  const [missing] = dispatchRules.flatMap(({ trunkIds }) => trunkIds).filter((id) => !known.has(id));
  if (missing === undefined || !trunks.some(isMadeUp)) return [];
  return [
    `Rules name trunks such as ${shown(missing)}, and there are trunks without an id: give lk sip inbound list --json instead, which has them.`,
  ];
}
