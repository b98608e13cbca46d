import { Bench } from "../bench.ts";

const tone = (ms: number) => ({ verb: "play", url: `tone_stream://%(${ms},0,425)` });
const enqueue = { verb: "enqueue", name: "call-1", waitHook: "/wait", actionHook: "/left" };

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test("the caller is answered at once and in the queue", async () => {
  const bench = new Bench();
  const { callSid } = bench.call("in-1", [enqueue]);
  await jest.advanceTimersByTimeAsync(0);
  expect(bench.edge.timeOf("answer")).toBe(0);
  expect(bench.queues.position(`queue:${bench.account.account_sid}:call-1`, callSid)).toBe(0);
  expect(bench.statuses()).toEqual(["trying", "in-progress"]);
});

// jambonz-live, section 3: "Hold segments 3.0 s, gaps of 660–680 ms between them", the webhook's own time among them.
test("650 ms of silence come before every waitHook, which is asked again when its verbs end", async () => {
  const bench = new Bench();
  bench.answers["/wait"] = () => [tone(1000)];
  bench.call("in-1", [enqueue]);
  await jest.advanceTimersByTimeAsync(4000);
  expect(bench.hooks("wait").map((hook) => hook.at)).toEqual([650, 2300, 3950]);
  expect(bench.hooks("wait")[1]?.payload).toMatchObject({ queue_time: 2, queue_size: 1, queue_position: 0 });
});

test.each([
  ["is refused", () => Promise.reject(new Error("Unexpected HTTP Response"))],
  ["is empty", () => []],
  ["holds a verb that is not allowed while waiting", () => [{ verb: "hangup" }]],
])("silence for ever once a waitHook's answer %s", async (_how, failing) => {
  const bench = new Bench();
  bench.answers["/wait"] = failing;
  bench.call("in-1", [enqueue]);
  await jest.advanceTimersByTimeAsync(60_000);
  expect(bench.hooks("wait")).toHaveLength(1);
  expect(bench.edge.sent("hangup")).toEqual([]);
});

test("leave ends the queue with queue_result leave, and the action hook's verbs come next", async () => {
  const bench = new Bench();
  bench.answers["/wait"] = () => [{ verb: "leave" }];
  bench.answers["/left"] = () => [{ verb: "say", text: "sorry" }, { verb: "hangup" }];
  const { done } = bench.call("in-1", [enqueue]);
  await jest.advanceTimersByTimeAsync(2000);
  await done;
  expect(bench.hooks("action")[0]?.payload).toMatchObject({ queue_result: "leave", queue_time: 0 });
  expect(bench.edge.sent("play").at(-1)?.segments).toMatchObject([{ kind: "tone", hz: [300], ms: 300 }]);
  expect(bench.statuses()).toEqual(["trying", "in-progress", "completed"]);
});

test("a caller who hangs up leaves the queue, and the action hook says hangup", async () => {
  const bench = new Bench();
  bench.answers["/wait"] = () => [tone(5000)];
  const { done } = bench.call("in-1", [enqueue]);
  await jest.advanceTimersByTimeAsync(2400);
  bench.edge.onEvent({ event: "ended", leg: "in-1", by: "remote" });
  await done;
  expect(bench.hooks("action")[0]?.payload).toMatchObject({ queue_result: "hangup", call_termination_by: "caller" });
  expect(bench.queues.size(`queue:${bench.account.account_sid}:call-1`)).toBe(0);
  expect(bench.hooks("status").at(-1)?.payload).toMatchObject({ call_status: "completed", duration: 2 });
  expect(bench.legs.size).toBe(0);
});
