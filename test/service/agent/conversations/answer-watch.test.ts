import { AnswerWatch } from "../../../../service/agent/conversations/answer-watch.ts";

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

function watched() {
  const told: string[] = [];
  const tool = { isRunning: false };
  const watch = new AnswerWatch({
    filler: () => told.push("filler"),
    late: () => told.push("late"),
    isToolRunning: () => tool.isRunning,
  });
  return { watch, told, tool };
}

test("a caller who waits hears a tone every 3 s, and after 15 s no answer comes any more", () => {
  const { watch, told } = watched();
  watch.due();
  jest.advanceTimersByTime(14_999);
  expect(told).toEqual(["filler", "filler", "filler", "filler"]);
  jest.advanceTimersByTime(1);
  expect(told).toContain("late");
});

test("a tool may take a minute; a model that does not answer after it gets 15 s at most", () => {
  const { watch, told, tool } = watched();
  tool.isRunning = true;
  watch.due();
  jest.advanceTimersByTime(44_999);
  expect(told).not.toContain("late");
  tool.isRunning = false;
  jest.advanceTimersByTime(15_001);
  expect(told).toContain("late");
});

test("a tool that never ends is given up after a minute", () => {
  const { watch, told, tool } = watched();
  tool.isRunning = true;
  watch.due();
  jest.advanceTimersByTime(59_999);
  expect(told).not.toContain("late");
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
