import { readMetadata, readRuleMark } from "../../providers/dynamic/marks.ts";
import type { LiveKit } from "./stack.ts";

/** Everything of SIP in a project, by the raw SDK: trunks out, trunks in, rules. */
export async function liveObjects({ sip }: LiveKit) {
  const trunks = [...(await sip.listSipOutboundTrunk()), ...(await sip.listSipInboundTrunk())];
  const rules = await sip.listSipDispatchRule();
  const marks = [
    ...trunks.map(({ metadata }) => readMetadata(metadata).mark),
    ...rules.map(({ name }) => readRuleMark(name)),
  ];
  return {
    ids: [...trunks.map(({ sipTrunkId }) => sipTrunkId), ...rules.map((rule) => rule.sipDispatchRuleId)],
    marks,
    stackIds: new Set(marks.map((mark) => mark?.stackId)),
    all: [...trunks, ...rules].map((object) => object.toJsonString()),
  };
}
