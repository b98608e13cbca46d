import { declaredBy, type LiveObjects, shapeOf, unmatched } from "./deployed-objects.ts";

const account: LiveObjects["account"] = { applications: [], voip_carriers: [], sip_gateways: [], phone_numbers: [] };
const live = (trunk: string, rule: string): LiveObjects => ({
  outbound: [],
  inbound: [{ sipTrunkId: trunk, name: "dial", updatedAt: `${trunk}-o'clock` }],
  rules: [{ sipDispatchRuleId: rule, name: "one room a call", trunkIds: [trunk] }],
  account,
});
const declared = [
  { type: "pulumi-nodejs:dynamic/livekit:SipInboundTrunk", id: "ST_1" },
  { type: "pulumi-nodejs:dynamic/livekit:SipDispatchRule", id: "SDR_1" },
];

test("what is live and what is declared belong together one by one", () => {
  expect(unmatched(live("ST_1", "SDR_1"), declared)).toEqual([]);
});

test("a trunk without state, a state without a trunk, and one twice in the state are told", () => {
  expect(unmatched(live("ST_2", "SDR_1"), declared)).toEqual([
    "ST_2 is live, and in no state",
    "ST_1 is in the state, and not live",
  ]);
  expect(unmatched(live("ST_1", "SDR_1"), [...declared, ...declared.slice(0, 1)])).toEqual([
    "ST_1 is twice in the state",
  ]);
});

test("two end states that differ in ids and times only have one shape; another object, or none, makes another", () => {
  const shape = shapeOf(live("ST_1", "SDR_1"));
  expect(shapeOf(live("ST_2", "SDR_9"))).toEqual(shape);
  expect(shapeOf({ ...live("ST_1", "SDR_1"), rules: [] })).not.toEqual(shape);
});

test("of a state only the objects of LiveKit and Jambonz count", () => {
  const resources = [
    { type: "pulumi:pulumi:Stack", urn: "urn" },
    { type: "pulumi-nodejs:dynamic/livekit:SipRouting", id: "routing" },
    ...declared,
  ];
  expect(declaredBy(JSON.stringify({ deployment: { resources } }))).toEqual(declared);
});
