import { SilenceWatch } from "../../../../service/agent/telephony/silence-watch.ts";

const LIMITS = { askAfterMs: 30_000, endAfterMs: 10_000 };

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

function watched(limits = LIMITS) {
  const happened: string[] = [];
  const watch = new SilenceWatch(
    limits,
    () => happened.push("asked"),
    () => happened.push("ended"),
  );
  watch.heard();
  return { watch, happened };
}

test("asks after the first limit, ends after the second", () => {
  const { happened } = watched();
  jest.advanceTimersByTime(29_999);
  expect(happened).toEqual([]);
  jest.advanceTimersByTime(1);
  expect(happened).toEqual(["asked"]);
  jest.advanceTimersByTime(9_999);
  expect(happened).toEqual(["asked"]);
  jest.advanceTimersByTime(1);
  expect(happened).toEqual(["asked", "ended"]);
});

test("whoever is heard is not asked, and whoever answers the question stays", () => {
  const { watch, happened } = watched();
  jest.advanceTimersByTime(20_000);
  watch.heard();
  jest.advanceTimersByTime(20_000);
  expect(happened).toEqual([]);
  jest.advanceTimersByTime(10_000);
  watch.heard();
  jest.advanceTimersByTime(29_999);
  expect(happened).toEqual(["asked"]);
  jest.advanceTimersByTime(1);
  expect(happened).toEqual(["asked", "asked"]);
});

test("a limit of 0 asks nobody", () => {
  const { happened } = watched({ ...LIMITS, askAfterMs: 0 });
  jest.advanceTimersByTime(3_600_000);
  expect(happened).toEqual([]);
});

test("nothing happens after the end, whatever is heard of it", () => {
  const { watch, happened } = watched();
  watch.close();
  watch.heard();
  jest.advanceTimersByTime(60_000);
  expect(happened).toEqual([]);
});
