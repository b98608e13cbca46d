import { CallTimes } from "../../../../service/agent/call-times.ts";
import { stepsOf } from "../../../../service/agent/telemetry/steps.ts";

beforeEach(() => jest.useFakeTimers({ now: 1_000_000 }));
afterEach(() => jest.useRealTimers());

test("the steps of a call follow each other without a gap, to its end", () => {
  const times = new CallTimes();
  for (const [point, afterMs] of [
    ["joined", 300],
    ["published", 40],
    ["callerJoined", 900],
    ["active", 500],
    ["firstAudio", 20],
  ] as const) {
    jest.advanceTimersByTime(afterMs);
    times.note(point);
  }
  expect(stepsOf(times, 1_010_000)).toEqual([
    { name: "join", from: 1_000_000, to: 1_000_300 },
    { name: "prepare", from: 1_000_300, to: 1_000_340 },
    { name: "wait for the caller", from: 1_000_340, to: 1_001_240 },
    { name: "wait for the answer", from: 1_001_240, to: 1_001_740 },
    { name: "conversation", from: 1_001_740, to: 1_010_000 },
  ]);
});

test("a call that ends early has the steps it has taken", () => {
  const times = new CallTimes();
  jest.advanceTimersByTime(300);
  times.note("joined");
  expect(stepsOf(times, 1_000_350)).toEqual([
    { name: "join", from: 1_000_000, to: 1_000_300 },
    { name: "prepare", from: 1_000_300, to: 1_000_350 },
  ]);
});
