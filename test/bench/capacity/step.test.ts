import { CORES, PARTS, type Part, type Used } from "../../../bench/capacity/parts.ts";
import { busiest, costs, load, silenceIn, stepOf } from "../../../bench/capacity/step.ts";
import type { CallerReport } from "../../../sandbox/callers/sipp-caller.ts";

const used = (cpuSeconds: number, memoryMb: number) =>
  Object.fromEntries(
    PARTS.map((part) => [part, { cpuSeconds: part === "agent" ? cpuSeconds : 0, memoryMb }]),
  ) as Record<Part, Used>;
/** 5 s in which the agent has used `cores`. */
const step = (calls: number, cores: number, memoryMb = 100) =>
  stepOf(calls, 0, 5_000, used(0, memoryMb), used(5 * cores, memoryMb));

test("what a part has used between two looks is its share of the cores", () => {
  expect(step(10, 0.5).parts.agent).toEqual({ cores: 0.5, memoryMb: 100 });
  expect(load(step(10, 0.5))).toBeCloseTo(0.5 / CORES);
  expect(busiest(step(10, 0.5))).toBe("agent");
});

test("a call costs what a step with more calls uses more, whatever was used without calls", () => {
  const { agent, redis } = costs([step(5, 0.45, 210), step(10, 0.7, 220), step(15, 0.95, 230)]);
  expect(agent).toEqual({ cpuPercent: 5, memoryMb: 2 });
  expect(redis.cpuPercent).toBe(0);
});

test("the longest silence of a caller within the step counts; callers who came later have not been greeted yet", () => {
  const caller = (invitedAt: number, heard: [number, number][]) =>
    ({
      timeline: [{ event: "invite", at: invitedAt }],
      heard: heard.map(([fromMs, toMs]) => ({ fromMs, toMs, hz: 1_000, level: -10 })),
    }) as CallerReport;
  const watched = { ...step(2, 0.1), fromMs: 10_000, toMs: 15_000 };
  const good = caller(2_000, [[1_000, 20_000]]);
  const gap = caller(4_000, [
    [1_000, 7_000],
    [8_200, 20_000],
  ]);
  expect(silenceIn(watched, [good, caller(12_000, [])])).toBe(0);
  expect(silenceIn(watched, [good, gap])).toBe(1_200);
});
