import { percentile, spreadOf } from "../../../bench/measure/spread.ts";

const upTo = (n: number) => Array.from({ length: n }, (_, index) => n - index);

test("a percentile is a value that was measured: the smallest that enough others do not exceed", () => {
  const shares = [0.5, 0.95, 0.99, 1].map((share) => percentile(upTo(200), share));
  expect(shares).toEqual([100, 190, 198, 200]);
  expect(percentile([7], 0.5)).toBe(7);
});

test("what was not reached counts for nothing; of nothing there is no percentile", () => {
  expect(spreadOf([Number.NaN, 1.26, 3.04], 1)).toEqual({ n: 2, p50: 1.3, p95: 3, p99: 3, max: 3 });
  expect(percentile([Number.NaN], 0.5)).toBeNaN();
});
