import { differencesOf } from "../../../cli/codecs/differences.ts";
import type { Known } from "../../../cli/codecs/expect.ts";
import type { Measured } from "../../../cli/codecs/measured.ts";

const known: Known = { status: 200, codec: "PCMA", keys: true, pace: "right" };
const measured: Measured = {
  ...{ status: 200, reason: "OK", codec: "PCMA", profile: "RTP/AVP", isEncrypted: false },
  keys: { agreed: true, toAgent: true, toCaller: true },
  ...{ toCaller: true, toAgent: true, pace: 1.1, agentOffer: undefined, agentCodec: undefined },
};

test("what is as known has none", () => {
  expect(differencesOf(known, measured)).toEqual([]);
  expect(differencesOf({ ...known, pace: "unsteady" }, { ...measured, pace: 1.5, toAgent: false })).toEqual([]);
  const off = { agreed: false, toAgent: false, toCaller: false };
  expect(differencesOf({ ...known, keys: false }, { ...measured, keys: off })).toEqual([]);
});

test.each<[string, Partial<Known>, Partial<Measured>]>([
  ["status 488, known: 200", {}, { status: 488 }],
  ["status 200, known: 400", { status: 400 }, {}],
  ["codec PCMU, known: PCMA", {}, { codec: "PCMU" }],
  ["codec none, known: PCMA", {}, { codec: undefined }],
  ["LiveKit offers G722, PCMA, known: PCMA", { agentOffer: ["PCMA"] }, { agentOffer: ["G722", "PCMA"] }],
  ["codec to the agent none, known: G722", { agentCodec: "G722" }, {}],
  [
    "keys not to the agent, not back, known: both ways",
    {},
    { keys: { agreed: true, toAgent: false, toCaller: false } },
  ],
  ["keys get through, known: off", { keys: false }, {}],
  ["the caller heard no agent", {}, { toCaller: false }],
  ["the agent heard no caller", {}, { toAgent: false, pace: undefined }],
  ["a second lasts 1.5 s, known: 1.0 s", {}, { pace: 1.5 }],
])("%s", (difference, otherKnown, otherMeasured) => {
  expect(differencesOf({ ...known, ...otherKnown }, { ...measured, ...otherMeasured })).toEqual([difference]);
});

test("a refusal is not asked about its audio", () => {
  const refused = { ...measured, status: 400, codec: undefined, toCaller: false, toAgent: false, pace: undefined };
  expect(differencesOf({ status: 400, keys: false, pace: "right" }, refused)).toEqual([]);
});
