import { CallMetrics } from "../../../service/agent/call-metrics.ts";
import { CallTimes } from "../../../service/agent/call-times.ts";
import { agentReportSchema } from "../../../service/shared/index.ts";

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

/** A call whose agent is in the room after 300 ms and whose caller can hear it 2 s later. */
function activeCall() {
  const times = new CallTimes();
  let changes = 0;
  const metrics = new CallMetrics(times, () => changes++);
  jest.advanceTimersByTime(300);
  times.note("joined");
  jest.advanceTimersByTime(50);
  times.note("published");
  jest.advanceTimersByTime(1_950);
  times.note("active");
  return { metrics, changes: () => changes };
}

test("before anybody has spoken a report tells when the agent came", () => {
  expect(activeCall().metrics.report()).toEqual({ joinMs: 300, readyMs: 350, turns: 0, interruptions: 0 });
});

test("the first audio counts from the moment when the caller can hear, and once", () => {
  const { metrics, changes } = activeCall();
  jest.advanceTimersByTime(120);
  metrics.firstAudio();
  jest.advanceTimersByTime(5_000);
  metrics.firstAudio();
  expect(metrics.report().firstAudioMs).toBe(120);
  expect(changes()).toBe(1);
});

test("turns have a mean and a longest latency, interruptions are counted", () => {
  const { metrics, changes } = activeCall();
  for (const ms of [400, 900, 500.4]) metrics.turn(ms);
  metrics.interrupted();
  expect(metrics.report()).toMatchObject({ turns: 3, turnLatencyMs: { mean: 600, longest: 900 }, interruptions: 1 });
  expect(changes()).toBe(4);
  expect(agentReportSchema.safeParse(metrics.report()).success).toBe(true);
});
