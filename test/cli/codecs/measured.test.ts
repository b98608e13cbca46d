import { CALLER_HZ } from "../../../cli/codecs/conversation.ts";
import { measuredOf } from "../../../cli/codecs/measured.ts";
import type { CallerReport } from "../../../sandbox/callers/sipp-caller.ts";
import type { SeenEvent } from "../../../sandbox/start/event-log.ts";

const caller: CallerReport = {
  ...{ sipCallId: "1@127.0.0.1", answered: true, finalStatus: 200, reason: "OK", sentHz: 0, heardKeys: "5" },
  heard: [
    { hz: 701, level: -9, fromMs: 300, toMs: 600 },
    { hz: 899, level: -9, fromMs: 600, toMs: 900 },
    { hz: CALLER_HZ + 2, level: -12, fromMs: 1_300, toMs: 1_600 },
    { hz: CALLER_HZ - 3, level: -12, fromMs: 1_900, toMs: 2_800 },
  ],
  audio: {
    ...{ host: "127.0.0.1", port: 30_000, payloadType: 8, codec: "PCMA", codecs: ["PCMA"] },
    ...{ keyType: 101, profile: "RTP/AVP", isEncrypted: false },
  },
  ...{ timeline: [], recordings: { sent: "", heard: "" }, rtp: { sent: 1, received: 1, lost: 0 } },
};
const said = { ms: 1_000, keyToAgent: true, keyToCaller: true };

function leg(event: string, fields: Record<string, unknown>): SeenEvent {
  return { at: 0, source: "jambonz", event, fields };
}

test("a good call: its answer, keys and audio both ways, and how long the caller's second has become, holes included", () => {
  expect(measuredOf(caller, said, [])).toMatchObject({
    ...{ status: 200, codec: "PCMA", toCaller: true, toAgent: true, pace: 1.5 },
    keys: { agreed: true, toAgent: true, toCaller: true },
  });
});

test("a greeting with half of it missing is none", () => {
  expect(measuredOf({ ...caller, heard: caller.heard.slice(1) }, said, []).toCaller).toBe(false);
});

test("a refused call has a status, and nothing else", () => {
  const { audio: _none, ...refused } = { ...caller, answered: false, finalStatus: 400, heard: [] };
  expect(measuredOf(refused, { ms: 0, keyToAgent: false, keyToCaller: false }, [])).toMatchObject({
    ...{ status: 400, codec: undefined, toCaller: false, toAgent: false, pace: undefined },
    keys: { agreed: false, toAgent: false, toCaller: false },
  });
});

test("what LiveKit offers and chooses is told by the legs between it and Jambonz", () => {
  const events = [leg("leg.invite", { codecs: ["G722", "PCMA"] }), leg("leg.answered", { codec: "G722" })];
  expect(measuredOf(caller, said, events)).toMatchObject({ agentOffer: ["G722", "PCMA"], agentCodec: "G722" });
});
