import { setTimeout as pause } from "node:timers/promises";
import { firstHeard, heardBy, longestSilence, scoreOf } from "../../sandbox/calls/heard.ts";
import { type PlacedCall, System } from "../../sandbox/calls/system.ts";

// What a caller in the queue hears while no agent is there, and the middleware is started anew. Judged by the recording.
jest.setTimeout(120_000);

const WINDOW_MS = 100;
const PATIENCE_MS = 40_000;
const system = new System(false);

beforeAll(async () => {
  await system.startServers();
  await system.startMiddleware({ REDIS_URL: system.redisUrl, RESCUE: "true" });
}, 300_000);
afterAll(() => system.stop());

const call = () => system.call("callback", { holdMs: PATIENCE_MS, timeoutMs: PATIENCE_MS, bye: "callee" });

/** From the first music to the apology. */
function musicGap({ caller }: PlacedCall): number {
  return longestSilence(caller, firstHeard(caller, "hold"), firstHeard(caller, "speech"));
}

const waitHooks = ({ events }: PlacedCall) =>
  events.filter(({ event, fields }) => event === "hook.sent" && fields?.hook === "wait");

test("a caller who waits has music without a gap, from one hook, and then the apology", async () => {
  const placed = await call();
  expect(scoreOf(placed.caller)).toEqual(["hold", "speech"]);
  expect(waitHooks(placed)).toHaveLength(1);
  expect(musicGap(placed)).toBeLessThanOrEqual(2 * WINDOW_MS); // each tone has 100 ms of its own silence, seen in windows
  expect(placed.caller.endedBy).toBe("callee");
});

test.each(["SIGTERM", "SIGKILL"] as const)("a middleware that is started anew (%s) is not heard", async (signal) => {
  const placing = call();
  await pause(4_000);
  await system.middleware.stop(signal);
  await pause(3_000);
  await system.startMiddleware({ REDIS_URL: system.redisUrl, RESCUE: "true" });
  const placed = await placing;
  expect(heardBy(placed.caller).map(({ what }) => what)).toContain("speech");
  expect(musicGap(placed)).toBeLessThanOrEqual(2 * WINDOW_MS);
  expect(waitHooks(placed)).toHaveLength(1);
});
