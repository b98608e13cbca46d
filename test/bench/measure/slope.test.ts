import { slope } from "../../../bench/measure/slope.ts";

test("the slope of a line is found, also when its points scatter evenly", () => {
  expect(slope([5, 10, 15].map((x) => [x, 3 * x + 100] as const))).toBeCloseTo(3);
  expect(slope([5, 10, 15, 20].map((x, index) => [x, 2 * x + (index % 3 === 0 ? 1 : -1)] as const))).toBeCloseTo(2);
});

test("one point has none", () => {
  expect(slope([[5, 1]])).toBeNaN();
});
