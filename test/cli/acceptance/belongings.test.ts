import { SIPDispatchRuleInfo, SIPInboundTrunkInfo, SIPOutboundTrunkInfo } from "livekit-server-sdk";
import { herokuThings, jambonzThings, livekitThings } from "../../../cli/acceptance/belongings.ts";
import { Identities } from "../../../cli/acceptance/identities.ts";
import { type Mark, writeMetadata, writeRuleName } from "../../../providers/dynamic/marks.ts";

/** What a sweep may take: nothing but the stack's own. */

const STACK = "acceptance";
const names = (things: readonly { name: string }[]) => things.map(({ name }) => name);

test("LiveKit: what carries an identity of the stack, whatever the names beside it; rules go before trunks", async () => {
  const trunk = (name: string, mark: Mark) =>
    new SIPOutboundTrunkInfo({ sipTrunkId: `ST_${name}`, name, metadata: writeMetadata(mark, {}) });
  const mark = { project: "trunkline", stack: STACK, name: "sbc" };
  const named = { project: "trunkline", stack: STACK, name: "routing" };
  const states: (Mark | undefined)[] = [named, undefined, { ...named, stackId: "mine" }, undefined];
  const identities = new Identities(async () => states.shift(), [{ ...named, stackId: "earlier" }]);
  const project = {
    host: "h",
    inboundTrunks: [new SIPInboundTrunkInfo({ sipTrunkId: "ST_in", name: "trunkline-acceptance" })],
    outboundTrunks: [
      trunk("ours", { ...mark, stackId: "mine" }),
      trunk("renamed", { ...mark, stackId: "mine", stack: "staging", project: "phones" }),
      trunk("left", { ...mark, stackId: "earlier" }),
      trunk("another backend's", { ...mark, stackId: "theirs" }),
      trunk("first version's", mark),
    ],
    dispatchRules: [
      new SIPDispatchRuleInfo({
        sipDispatchRuleId: "SDR_1",
        name: writeRuleName({ ...mark, stackId: "mine" }, "rule"),
      }),
    ],
  };
  const found = () => livekitThings(project, (each) => identities.includes(each));
  expect(names(found().own)).toEqual(["left"]);
  await identities.remember(); // a state of the first version: its names are its identity
  expect(names(found().own)).toEqual(["left", "first version's"]);
  await identities.remember();
  await identities.remember();
  expect(names(found().own)).toEqual(["rule", "ours", "renamed", "left", "first version's"]);
  await identities.remember(); // destroyed
  expect(names(found().own)).toHaveLength(5);
  expect(names(found().others)).toEqual(["trunkline-acceptance", "another backend's"]);
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
        carrier("2", "LiveKit-acceptance-3"),
        carrier("3", "acceptance-phone"),
        carrier("4", "LiveKit-acceptance-eu"),
        carrier("6", "LiveKit-acceptance-2"), // the first one of the stack acceptance-2
        carrier("7", "acceptance-eu-phone"),
        carrier("5", "Schmidtkom"),
      ],
      numbers: [
        { phone_number_sid: "a", number: "4930111", voip_carrier_sid: "3" },
        { phone_number_sid: "b", number: "4930222", voip_carrier_sid: "5" },
      ],
    },
    STACK,
    ["LiveKit-acceptance", "LiveKit-acceptance-3", "acceptance-phone"],
  );
  expect(names(found.own)).toEqual([
    "4930111",
    "LiveKit-acceptance",
    "LiveKit-acceptance-3",
    "acceptance-phone",
    "trunkline-acceptance",
    "trunkline-acceptance-agent-leg",
  ]);
  expect(names(found.others)).toEqual([
    "4930222",
    "LiveKit-acceptance-eu",
    "LiveKit-acceptance-2",
    "acceptance-eu-phone",
    "Schmidtkom",
    "trunkline-acceptance-eu",
    "trunkline",
  ]);
});

test("Heroku: by the whole name; another stack's and another project's apps may begin in the same way", () => {
  const apps = ["acceptance-agent", "acceptance", "my-acceptance-agent", "acceptance-eu-agent", "acceptance-website"];
  expect(names(herokuThings(apps, ["acceptance-agent", "acceptance-middleware"]).own)).toEqual(["acceptance-agent"]);
});
