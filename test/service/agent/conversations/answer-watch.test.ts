import { AnswerWatch } from "../../../../service/agent/conversations/answer-watch.ts";

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

function watched() {
  const told: string[] = [];
  const watch = new AnswerWatch({ filler: () => told.push("filler"), late: () => told.push("late") });
  return { watch, told };
}

test("a caller who waits hears a tone every 3 s, and after 15 s no answer comes any more", () => {
  const { watch, told } = watched();
  watch.due();
  jest.advanceTimersByTime(14_999);
  expect(told).toEqual(["filler", "filler", "filler", "filler"]);
  jest.advanceTimersByTime(1);
  expect(told).toContain("late");
});

test("an answer that is due already is not due anew", () => {
  const { watch, told } = watched();
  watch.due();
  jest.advanceTimersByTime(10_000);
  watch.due();
  jest.advanceTimersByTime(5_000);
  expect(told).toContain("late");
});

test("an answer ends the wait", () => {
  const { watch, told } = watched();
  watch.due();
  watch.over();
  jest.advanceTimersByTime(60_000);
  expect({ told, isDue: watch.isDue }).toEqual({ told: [], isDue: false });
});

test("nothing is due after the end of the call", () => {
  const { watch, told } = watched();
  watch.due();
  watch.close();
  watch.due();
  jest.advanceTimersByTime(60_000);
  expect({ told, isDue: watch.isDue }).toEqual({ told: [], isDue: false });
});
