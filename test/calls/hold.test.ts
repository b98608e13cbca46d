import { setTimeout as pause } from "node:timers/promises";
import { SIPInboundTrunkInfo, SIPOutboundTrunkInfo } from "livekit-server-sdk";
import type { Phone } from "../../sandbox/callers/sipp-caller.ts";
import { scoreOf } from "../../sandbox/calls/heard.ts";
import { type FlowName, type PlacedCall, System } from "../../sandbox/calls/system.ts";

// livekit-sip ends a call 15 s after the last RTP packet, unless the trunk says otherwise.
jest.setTimeout(120_000);

const HELD_MS = 45_000;
const SHORT_SECONDS = 15;
const system = new System(false);

beforeAll(async () => {
  await system.startServers();
  await system.startMiddleware();
  await system.startAgent({ AGENT_SILENCE_SECONDS: "0" });
}, 300_000);
afterAll(() => system.stop());

/** A caller who talks, puts the telephone aside, and comes back with another tone. */
async function heldCall(flow: FlowName, heldMs = HELD_MS): Promise<PlacedCall> {
  let phone: Phone | undefined;
  const call = system.call(flow, { holdMs: heldMs + 9_000, onPhone: (given) => (phone = given), timeoutMs: 90_000 });
  await pause(6_000);
  phone?.hold();
  await pause(heldMs);
  phone?.say(1_600);
  return call;
}

test("a call that is held for 45 s goes on in both flows, without RTP all that time", async () => {
  const calls = await Promise.all([heldCall("callback"), heldCall("dial")]);
  for (const { caller } of calls) {
    expect(caller).toMatchObject({ answered: true, endedBy: "caller" });
    expect(scoreOf(caller)).toContain("greeting");
    expect(caller.heard.at(-1)?.hz).toBeCloseTo(1_600, -2);
  }
  expect(await system.leftovers()).toEqual({ rooms: [], calls: [], legs: 0 });
});

/** Both trunks, as a stack with this `media.timeoutSeconds` declares them. */
async function setMediaTimeout(seconds: number): Promise<void> {
  const media = { mediaTimeout: { seconds: BigInt(seconds) } };
  for (const { sipTrunkId, ...trunk } of await system.sip.listSipOutboundTrunk())
    await system.sip.updateSipOutboundTrunk(sipTrunkId, new SIPOutboundTrunkInfo({ ...trunk, media }));
  for (const { sipTrunkId, ...trunk } of await system.sip.listSipInboundTrunk())
    await system.sip.updateSipInboundTrunk(sipTrunkId, new SIPInboundTrunkInfo({ ...trunk, media }));
}

test("a call that LiveKit ends because no packets come has its own reason in the record", async () => {
  await setMediaTimeout(SHORT_SECONDS);
  await system.startMiddleware({ MEDIA_TIMEOUT_SECONDS: String(SHORT_SECONDS) });
  const calls = await Promise.all([heldCall("callback", 20_000), heldCall("dial", 20_000)]);
  for (const { caller, events } of calls) {
    expect(caller).toMatchObject({ answered: true, endedBy: "callee" });
    const { callId = "" } = events.find(({ event }) => event === "webhook.received") ?? {};
    expect((await system.callRecord(callId)).reason).toMatch(/^no audio from the caller for 1[3-7] s: media timeout$/);
  }
  expect(await system.leftovers()).toEqual({ rooms: [], calls: [], legs: 0 });
});
