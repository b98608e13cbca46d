import fc from "fast-check";
import type { Sample } from "../../../bench/soak/sample.ts";
import { slopePerHour } from "../../../bench/soak/slope.ts";
import { trendsOf } from "../../../bench/soak/trend.ts";

const line = (perHour: number, start: number, count = 40) =>
  Array.from({ length: count }, (_, index) => ({ hours: index / 360, value: start + (perHour * index) / 360 }));

test("the slope of a line is its slope, wherever it starts", () => {
  const number = fc.integer({ min: -1_000, max: 1_000 });
  fc.assert(
    fc.property(number, number, (perHour, start) => {
      expect(slopePerHour(line(perHour, start))).toBeCloseTo(perHour, 6);
    }),
  );
});

test("a few wild values among many do not move it", () => {
  const points = line(0, 100).map((point, index) => (index % 9 === 8 ? { ...point, value: 5_000 } : point));
  expect(slopePerHour(points)).toBe(0);
});

test("one point has no slope", () => {
  expect(slopePerHour(line(5, 5, 1))).toBeNaN();
});

const MINUTE_MS = 60_000;
const sample = (minute: number, memoryMb: number, handles = 20): Sample => ({
  part: "middleware",
  at: minute * MINUTE_MS,
  memoryMb,
  handles,
  processes: 1,
});

test("a trend leaves the warm-up out and tells growth in units and as a share, per hour", () => {
  const warmingUp = [0, 1, 2, 3].map((minute) => sample(minute, minute * 25));
  const steady = [4, 5, 6, 7, 8, 9].map((minute) => sample(minute, 100 + (minute - 4)));
  const [trend, ...others] = trendsOf([...warmingUp, ...steady], 4 * MINUTE_MS);
  expect(others).toEqual([]);
  expect(trend).toMatchObject({
    part: "middleware",
    memoryMb: { first: 100, last: 105, perHour: 60 },
    handles: { first: 20, last: 20, perHour: 0, sharePerHour: 0 },
  });
  expect(trend?.memoryMb.sharePerHour).toBeCloseTo(60 / 102.5, 2);
});
