import { Bench } from "./bench.ts";

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test("verbs run in order, and the call is hung up by jambonz when they are through", async () => {
  const bench = new Bench();
  const { done } = bench.call("in-1", [
    { verb: "say", text: "twenty characters ok" },
    { verb: "play", url: "tone_stream://%(2000,0,600)" },
  ]);
  await jest.advanceTimersByTimeAsync(3200);
  await done;
  expect(bench.edge.log.map((entry) => entry.command.command)).toEqual(["answer", "play", "play", "hangup"]);
  expect(bench.hooks("status").at(-1)?.payload).toMatchObject({
    call_status: "completed",
    duration: 3,
    call_termination_by: "jambonz",
  });
});

test("pause does not answer; verbs that end without an answer give 603", async () => {
  const bench = new Bench();
  const { done } = bench.call("in-1", [{ verb: "pause", length: 2 }]);
  await jest.advanceTimersByTimeAsync(2000);
  await done;
  expect(bench.edge.sent("decline")).toEqual([{ command: "decline", leg: "in-1", status: 603, headers: {} }]);
  expect(bench.statuses()).toEqual(["trying"]);
});

test("sip:decline sends its status and tells failed", async () => {
  const bench = new Bench();
  const { done } = bench.call("in-1", [
    { verb: "sip:decline", status: 503, reason: "Later", headers: { "Retry-After": "5" } },
  ]);
  await done;
  expect(bench.edge.sent("decline")[0]).toMatchObject({
    status: 503,
    reason: "Later",
    headers: { "X-Reason": "SIP Decline Verb", "Retry-After": "5" },
  });
  expect(bench.hooks("status").at(-1)?.payload).toMatchObject({ call_status: "failed", sip_status: 503 });
});

test("sip:decline after the answer is skipped, and so is hangup before it", async () => {
  const bench = new Bench();
  const { done } = bench.call("in-1", [
    { verb: "hangup" },
    { verb: "answer" },
    { verb: "sip:decline", status: 503 },
    { verb: "hangup", headers: { "X-Why": "done" } },
  ]);
  await done;
  expect(bench.edge.log.map((entry) => entry.command)).toEqual([
    { command: "answer", leg: "in-1" },
    { command: "hangup", leg: "in-1", headers: { "X-Why": "done" } },
  ]);
});

test("a caller who cancels is told as no-answer 487", async () => {
  const bench = new Bench();
  const { done } = bench.call("in-1", [{ verb: "pause", length: 60 }]);
  bench.edge.onEvent({ event: "ended", leg: "in-1", by: "cancel" });
  await done;
  expect(bench.statuses()).toEqual(["trying", "no-answer"]);
});

test("tag data goes with every later webhook", async () => {
  const bench = new Bench();
  const { done } = bench.call("in-1", [{ verb: "tag", data: { callId: "1" } }, { verb: "answer" }]);
  await done;
  expect(bench.hooks("status").map((hook) => hook.payload.customerData)).toEqual([
    undefined,
    { callId: "1" },
    { callId: "1" },
  ]);
});

test("redirect runs the verbs of another hook; its failure ends the call", async () => {
  const bench = new Bench();
  bench.answers["/next"] = () => [
    { verb: "answer" },
    { verb: "redirect", actionHook: "/broken" },
    { verb: "pause", length: 60 },
  ];
  bench.answers["/broken"] = () => Promise.reject(new Error("no"));
  const { done } = bench.call("in-1", [{ verb: "redirect", actionHook: "/next" }]);
  await done;
  expect(bench.edge.log.map((entry) => entry.command.command)).toEqual(["answer", "hangup"]);
});
