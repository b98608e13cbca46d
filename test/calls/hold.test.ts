import { setTimeout as pause } from "node:timers/promises";
import type { Phone } from "../../sandbox/callers/sipp-caller.ts";
import { scoreOf } from "../../sandbox/calls/heard.ts";
import { type FlowName, type PlacedCall, System } from "../../sandbox/calls/system.ts";

// livekit-sip ends a call 15 s after the last RTP packet, unless the trunk says otherwise.
jest.setTimeout(120_000);

const HELD_MS = 45_000;
const system = new System(false);

beforeAll(async () => {
  await system.startServers();
  await system.startMiddleware();
  await system.startAgent({ AGENT_SILENCE_SECONDS: "0" });
}, 300_000);
afterAll(() => system.stop());

/** A caller who talks, puts the telephone aside for 45 s, and comes back with another tone. */
async function heldCall(flow: FlowName): Promise<PlacedCall> {
  let phone: Phone | undefined;
  const call = system.call(flow, { holdMs: HELD_MS + 9_000, onPhone: (given) => (phone = given), timeoutMs: 90_000 });
  await pause(6_000);
  phone?.hold();
  await pause(HELD_MS);
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
