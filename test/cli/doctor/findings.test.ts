import { SIPDispatchRuleInfo, SIPInboundTrunkInfo } from "livekit-server-sdk";
import { findingsOf } from "../../../cli/doctor/findings.ts";
import { writeMetadata, writeRuleName } from "../../../providers/dynamic/marks.ts";

/** More pairs than are told: each of 60 with every other. */
const OTHERS = Array.from({ length: 60 }, (_, n) => n);
const mark = { project: "trunkline", stack: "dev", name: "office" };
const NUMBERS = ["+4930111"];

const project = (parts: object) => ({
  host: "project:443",
  inboundTrunks: [],
  outboundTrunks: [],
  dispatchRules: [],
  ...parts,
});

test("a declared trunk's clash comes first, however many others have", () => {
  const inboundTrunks = [
    ...OTHERS.map((n) => new SIPInboundTrunkInfo({ sipTrunkId: `ST_${n}`, name: `${n}`, numbers: NUMBERS })),
    new SIPInboundTrunkInfo({ sipTrunkId: "ST_x", numbers: ["+4930222"] }),
    new SIPInboundTrunkInfo({ sipTrunkId: "ST_us", numbers: ["+4930222"], metadata: writeMetadata(mark, {}) }),
  ];
  expect(findingsOf(project({ inboundTrunks }), [])[0]).toMatchObject({ code: "CALLS_CLASH", ids: ["ST_us", "ST_x"] });
});

test("and so does a declared rule's", () => {
  const rule = (sipDispatchRuleId: string, name: string, trunkIds: string[]) =>
    new SIPDispatchRuleInfo({
      sipDispatchRuleId,
      name,
      trunkIds,
      rule: { rule: { case: "dispatchRuleIndividual", value: { roomPrefix: "call-" } } },
    });
  const trunk = (sipTrunkId: string, number: string) => new SIPInboundTrunkInfo({ sipTrunkId, numbers: [number] });
  const inboundTrunks = [trunk("ST_1", "+4930111"), trunk("ST_2", "+4930222")];
  const dispatchRules = [
    ...OTHERS.map((n) => rule(`SDR_${n}`, `${n}`, ["ST_1"])),
    rule("SDR_x", "by hand", ["ST_2"]),
    rule("SDR_y", writeRuleName(mark, "office"), ["ST_2"]),
  ];
  const [first] = findingsOf(project({ inboundTrunks, dispatchRules }), []);
  expect(first).toMatchObject({ code: "CALLS_CLASH", ids: ["SDR_x", "SDR_y"] });
});
