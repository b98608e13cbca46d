import { costAims, dynoAims, wholeCallAims } from "../../../bench/agent/aims.ts";
import { spreadOf } from "../../../bench/measure/spread.ts";

const FLOW = {
  calls: 20,
  agent: 20,
  silent: 0,
  audibleMs: { n: 20, p50: 500, p95: 900, p99: 950, max: 950 },
  examples: [],
};
const MEMORY = { before: 170, most: 250, after: 180, backAfterSeconds: 30 };
const LIMIT = { callback: 2_500, dial: 1_000 };

/** What does not hold. */
function missed(flow: object, memory: object = {}): string[] {
  const flows = { callback: FLOW, dial: { ...FLOW, ...flow } };
  const calls = { flows, cpuSecondsPerCall: 0.3, memoryMb: { ...MEMORY, ...memory } };
  return wholeCallAims(calls, LIMIT).flatMap(({ what, ok }) => (ok ? [] : [what]));
}

const load = (worker: string, cpuSecondsPerCall: number) => ({
  ...{ worker, calls: 4, perSecond: 1, holdMs: 5_000, greeted: 4 },
  ...{ audibleMs: FLOW.audibleMs, cpuSecondsPerCall, memoryMb: MEMORY },
});

test("all calls with the agent, in time, and the memory back", () => expect(missed({})).toEqual([]));

test.each([
  ["a call without the agent", { agent: 19 }, "dial: with the agent"],
  ["no call at all", { calls: 0, agent: 0 }, "dial: with the agent"],
  ["a caller in silence", { silent: 1 }, "dial: left in silence"],
  ["a late agent", { audibleMs: { ...FLOW.audibleMs, p95: 1_001 } }, "dial: agent audible, p95 within 1000 ms"],
  ["no figure", { audibleMs: spreadOf([]) }, "dial: agent audible, p95 within 1000 ms"],
])("%s is told", (_what, flow, aim) => expect(missed(flow)).toEqual([aim]));

test("memory that is more than 10 % above its start is told", () => {
  expect(missed({}, { after: 187 })).toEqual([]);
  expect(missed({}, { after: 188 })).toEqual(["memory back to its start, 10 % more at most"]);
});

test("the cost of a call is compared over all rounds", () => {
  const isCheap = (...ours: number[]) => {
    const reports = [load("stock", 1.2), load("stock", 0.8), ...ours.map((cpu) => load("trunkline", cpu))];
    return costAims(reports).every(({ ok }) => ok);
  };
  expect(isCheap(0.4, 0.6)).toBe(true);
  expect(isCheap(0.4, 0.7)).toBe(false);
  expect(isCheap()).toBe(false);
});

test("a dyno holds the calls when all were greeted and the memory fits", () => {
  expect(dynoAims(load("trunkline", 1), 250).map(({ ok }) => ok)).toEqual([true, true]);
  expect(dynoAims({ ...load("trunkline", 1), greeted: 3 }, 249).map(({ ok }) => ok)).toEqual([false, false]);
});
