import { runCallFault } from "./call-fault.ts";
import { FaultSystem } from "./call-system.ts";
import { HANGS } from "./cases/hangs.ts";
import { HOOKS } from "./cases/hooks.ts";
import { KILLS } from "./cases/kills.ts";
import { LIVEKIT_API } from "./cases/livekit-api.ts";
import { STORE_PATH } from "./cases/store-path.ts";

// One fault of each kind, with a caller of each flow; all of them: `npm run faults`.
jest.setTimeout(300_000);

const system = new FaultSystem();
beforeAll(() => system.start(), 300_000); // the servers may have to be built first
afterAll(() => system.stop());

const all = [...KILLS, ...HANGS, ...STORE_PATH, ...LIVEKIT_API, ...HOOKS];

async function run(name: string) {
  const fault = all.find((one) => one.name === name);
  if (fault === undefined) throw new Error(`there is no fault ${name}`);
  const { callers, violations } = await runCallFault(system, fault);
  expect(violations).toEqual([]);
  return callers.map(({ outcome }) => outcome);
}

test("a livekit-sip that is killed, and comes back 3 s later: both callers get the agent or the fallback", async () => {
  expect(await run("livekit-sip, before the call")).toHaveLength(2);
});

test("a Redis that swallows everything gives both callers the fallback", async () => {
  expect(await run("a black hole from the start, for 5 s")).toEqual(["fallback", "fallback"]);
});

test("a LiveKit that makes no room gives both callers the fallback", async () => {
  expect(await run("CreateRoom: 500")).toEqual(["fallback", "fallback"]);
});

test("webhooks that are late and out of order lead both callers to the agent", async () => {
  expect(await run("all of them late by 0 to 1.2 s, and so out of order")).toEqual(["agent", "agent"]);
});

test("a Redis that stands still in the conversation: no caller hears nothing for 3 s, whatever LiveKit does", async () => {
  expect(await run("redis for 20 s, in the conversation, LiveKit with its default `retry_timeout`")).toEqual([
    "agent",
    "agent",
  ]);
});
