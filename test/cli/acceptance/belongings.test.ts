import { SIPDispatchRuleInfo, SIPInboundTrunkInfo, SIPOutboundTrunkInfo } from "livekit-server-sdk";
import { herokuThings, jambonzThings, livekitThings } from "../../../cli/acceptance/belongings.ts";
import { writeMetadata, writeRuleName } from "../../../providers/dynamic/marks.ts";

/** What a sweep may take: nothing but the stack's own. */

const STACK = "acceptance";
const mark = (stack: string, project = "trunkline") => ({ project, stack, name: "sbc" });
const names = (things: readonly { name: string }[]) => things.map(({ name }) => name);

test("LiveKit: what carries the mark of this project and this stack; rules go before trunks", () => {
  const trunk = (name: string, stack: string, project?: string) =>
    new SIPOutboundTrunkInfo({ sipTrunkId: `ST_${name}`, name, metadata: writeMetadata(mark(stack, project), {}) });
  const found = livekitThings(
    {
      host: "h",
      inboundTrunks: [new SIPInboundTrunkInfo({ sipTrunkId: "ST_in", name: "trunkline-acceptance" })],
      outboundTrunks: [
        trunk("ours", STACK),
        trunk("longer", `${STACK}-eu`),
        trunk("prod", "prod"),
        trunk("stranger", STACK, "other"),
      ],
      dispatchRules: [
        new SIPDispatchRuleInfo({ sipDispatchRuleId: "SDR_1", name: writeRuleName(mark(STACK), "rule") }),
      ],
    },
    STACK,
  );
  expect(names(found.own)).toEqual(["rule", "ours"]);
  expect(names(found.others)).toEqual(["trunkline-acceptance", "longer", "prod", "stranger"]);
});

test("Jambonz: by name, numbers by their carrier; in an order in which nothing is in use any more", () => {
  const carrier = (voip_carrier_sid: string, name: string) => ({ voip_carrier_sid, name });
  const found = jambonzThings(
    {
      applications: [
        "trunkline-acceptance",
        "trunkline-acceptance-agent-leg",
        "trunkline-acceptance-eu",
        "trunkline",
      ].map((name) => ({ application_sid: name, name })),
      carriers: [
        carrier("1", "LiveKit-acceptance"),
        carrier("2", "LiveKit-acceptance-2"),
        carrier("3", "acceptance-phone"),
        carrier("4", "LiveKit-acceptance-eu"),
        carrier("5", "Schmidtkom"),
      ],
      numbers: [
        { phone_number_sid: "a", number: "4930111", voip_carrier_sid: "3" },
        { phone_number_sid: "b", number: "4930222", voip_carrier_sid: "5" },
      ],
    },
    STACK,
  );
  expect(names(found.own)).toEqual([
    "4930111",
    "LiveKit-acceptance",
    "LiveKit-acceptance-2",
    "acceptance-phone",
    "trunkline-acceptance",
    "trunkline-acceptance-agent-leg",
  ]);
  expect(names(found.others)).toEqual([
    "4930222",
    "LiveKit-acceptance-eu",
    "Schmidtkom",
    "trunkline-acceptance-eu",
    "trunkline",
  ]);
});

test("Heroku: by the prefix", () => {
  const found = herokuThings(["acceptance-agent", "acceptance", "my-acceptance-agent"], STACK);
  expect(names(found.own)).toEqual(["acceptance-agent"]);
});
