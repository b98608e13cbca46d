import { Bench } from "../bench.ts";

const enqueue = { verb: "enqueue", name: "call-1", waitHook: "/wait", actionHook: "/left" };
const dequeue = (callSid: string, more = {}) => ({
  verb: "dequeue",
  name: "call-1",
  callSid,
  actionHook: "/taken",
  ...more,
});

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

function waitingCaller() {
  const bench = new Bench();
  bench.answers["/wait"] = () => [{ verb: "play", url: "tone_stream://L=10;%(1000,0,425)" }];
  return { bench, caller: bench.call("in-1", [enqueue]) };
}

test("the legs are joined one second after the agent's leg has come", async () => {
  const { bench, caller } = waitingCaller();
  await jest.advanceTimersByTimeAsync(3000);
  bench.call("in-2", [dequeue(caller.callSid, { timeout: 3 })]);
  await jest.advanceTimersByTimeAsync(999);
  expect(bench.edge.sent("bridge")).toEqual([]);
  await jest.advanceTimersByTimeAsync(1);
  expect(bench.edge.sent("bridge")).toEqual([{ command: "bridge", a: "in-2", b: "in-1" }]);
  expect(bench.events.filter((event) => event.type === "legs.joined")).toHaveLength(1);
});

test("a caller who is not there yet is looked for again only five seconds later", async () => {
  const bench = new Bench();
  bench.call("in-2", [{ verb: "dequeue", name: "call-1", timeout: 10 }]);
  await jest.advanceTimersByTimeAsync(1500);
  bench.call("in-1", [{ verb: "enqueue", name: "call-1" }]);
  await jest.advanceTimersByTimeAsync(4499);
  expect(bench.edge.sent("bridge")).toEqual([]);
  await jest.advanceTimersByTimeAsync(1);
  expect(bench.edge.timeOf("bridge")).toBe(6000);
});

test("nobody there within the time-out: dequeue_result timeout, and the leg is hung up", async () => {
  const bench = new Bench();
  const { done } = bench.call("in-2", [dequeue("nobody", { timeout: 3 })]);
  await jest.advanceTimersByTimeAsync(3000);
  await done;
  expect(bench.hooks("action")[0]?.payload).toMatchObject({ dequeue_result: "timeout" });
  expect(bench.edge.timeOf("hangup")).toBe(3000);
});

test("the agent's leg hangs up: the caller's action hook says bridged and its verbs go on with the caller", async () => {
  const { bench, caller } = waitingCaller();
  bench.answers["/left"] = () => [{ verb: "pause", length: 1 }];
  const agent = bench.call("in-2", [dequeue(caller.callSid)]);
  await jest.advanceTimersByTimeAsync(5000);
  bench.edge.onEvent({ event: "ended", leg: "in-2", by: "remote" });
  await agent.done;
  expect(bench.hooks("action").find((hook) => hook.url === "/left")?.payload).toMatchObject({
    queue_result: "bridged",
  });
  expect(bench.edge.sent("hangup")).toEqual([]);
  await jest.advanceTimersByTimeAsync(1000);
  await caller.done;
  expect(bench.edge.sent("hangup")).toEqual([{ command: "hangup", leg: "in-1" }]);
});

test("the caller hangs up: the agent's leg is hung up too", async () => {
  const { bench, caller } = waitingCaller();
  const agent = bench.call("in-2", [dequeue(caller.callSid)]);
  await jest.advanceTimersByTimeAsync(5000);
  bench.edge.onEvent({ event: "ended", leg: "in-1", by: "remote" });
  await Promise.all([caller.done, agent.done]);
  expect(bench.edge.sent("hangup")).toEqual([{ command: "hangup", leg: "in-2" }]);
  expect(bench.hooks("action").map((hook) => hook.payload.dequeue_result ?? hook.payload.queue_result)).toEqual([
    "bridged",
    "complete",
  ]);
  await jest.advanceTimersByTimeAsync(0);
  expect(bench.legs.size).toBe(0);
});

test("an agent's leg that hangs up within its first second still takes the caller, who is then dropped without an action hook", async () => {
  const { bench, caller } = waitingCaller();
  await jest.advanceTimersByTimeAsync(1000);
  bench.call("in-2", [dequeue(caller.callSid)]);
  await jest.advanceTimersByTimeAsync(500);
  bench.edge.onEvent({ event: "ended", leg: "in-2", by: "remote" });
  await jest.advanceTimersByTimeAsync(500);
  await caller.done;
  expect(bench.edge.sent("hangup")).toEqual([{ command: "hangup", leg: "in-1" }]);
  expect(bench.hooks("action").filter((hook) => hook.url === "/left")).toEqual([]);
});

test("a join in the middle of a waitHook's verbs ends the waiting", async () => {
  const { bench, caller } = waitingCaller();
  bench.call("in-2", [dequeue(caller.callSid)]);
  await jest.advanceTimersByTimeAsync(60_000);
  expect(bench.hooks("wait")).toHaveLength(1);
});

test("a join in the silence before a waitHook still asks it, and its leave ends the call that was just joined", async () => {
  const { bench, caller } = waitingCaller();
  await jest.advanceTimersByTimeAsync(9700); // the waitHook's tone ends at 10.65 s, the next silence at 11.3 s
  bench.call("in-2", [dequeue(caller.callSid)]);
  bench.answers["/wait"] = () => [{ verb: "leave" }];
  await jest.advanceTimersByTimeAsync(1000);
  expect(bench.edge.sent("bridge")).toHaveLength(1);
  expect(bench.hooks("wait").map((hook) => hook.at)).toEqual([650, 10_700]);
  expect(bench.hooks("action").find((hook) => hook.url === "/left")?.payload).toMatchObject({ queue_result: "leave" });
  expect(bench.edge.sent("hangup")).toHaveLength(2);
});
