import { addCarrier, addGateway } from "../../../sandbox/jambonz/account-rows.ts";
import { LiveCalls } from "../../../sandbox/jambonz/live-calls.ts";
import { BEFORE_WAIT_HOOK } from "../../../sandbox/jambonz/timing.ts";
import { Bench } from "./bench.ts";

// Live call control, trap by trap: each was seen on a real jambonz (jambonz-live, section 10).

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

const HOOK = "/moved";
const SORRY = [{ verb: "say", text: "sorry" }, { verb: "hangup" }];
const ELSEWHERE = { verb: "dial", target: [{ type: "phone", number: "+4930", trunk: "north" }], answerOnBridge: true };

function started(verbs: object[], moved: unknown = SORRY, answers: Record<string, () => unknown> = {}) {
  const bench = new Bench();
  addGateway(bench.account, addCarrier(bench.account, "north"), { port: 5070, inbound: 0, outbound: 1 });
  bench.answers = { "/wait": () => [{ verb: "play", url: "tone_stream://L=60;%(1000,0,440)" }], ...answers };
  bench.answers[HOOK] = () => {
    if (moved instanceof Error) throw moved;
    return moved;
  };
  const call = bench.call("in-1", verbs);
  const verbsRun = () => bench.events.filter(({ type }) => type === "verb.started").map(({ verb }) => verb);
  return { bench, ...call, verbsRun, move: () => call.session.update({ call_hook: HOOK }) };
}

const queued = [
  { verb: "enqueue", name: "q", waitHook: "/wait", actionHook: "/left" },
  { verb: "pause", length: 9 },
];
const dialled = [
  { ...ELSEWHERE, actionHook: "/dial-done" },
  { verb: "pause", length: 9 },
];
const settle = (ms = 1_000) => jest.advanceTimersByTimeAsync(ms);

test("a caller in the queue hears the new verbs; the queue's action hook says `hangup`, and its verbs are ignored", async () => {
  const { bench, move, verbsRun } = started(queued, SORRY, { "/left": () => [{ verb: "pause", length: 60 }] });
  await settle();
  expect(move()).toBe(202);
  await settle();
  expect(bench.hooks("action")[0]?.payload).toMatchObject({ queue_result: "hangup" });
  expect(verbsRun()).toEqual(["enqueue", "say", "hangup"]);
});

test("an empty answer hangs the caller up", async () => {
  const { bench, move, done } = started(queued, []);
  await settle();
  move();
  await settle();
  await done;
  expect(bench.edge.sent("hangup")).toHaveLength(1);
});

test.each([
  ["fails", new Error("500")],
  ["answers no verbs at all", ""],
])("a hook that %s changes nothing: the music goes on", async (_how, moved) => {
  const { bench, move, verbsRun } = started(queued, moved);
  await settle();
  expect(move()).toBe(202);
  await settle();
  expect(bench.edge.sent("hangup")).toEqual([]);
  expect(verbsRun()).toEqual(["enqueue"]);
});

test("in a dial that rings, the action hook's verbs take the place of the new ones", async () => {
  const { move, verbsRun } = started(dialled, SORRY, {
    "/dial-done": () => [{ verb: "play", url: "https://a/b.wav" }],
  });
  await settle();
  move();
  await settle();
  expect(verbsRun()).toEqual(["dial", "play"]);
});

test("an action hook that answers nothing leaves the new ones", async () => {
  const { move, verbsRun } = started(dialled, SORRY, { "/dial-done": () => [] });
  await settle();
  move();
  await settle();
  expect(verbsRun()).toEqual(["dial", "say", "hangup"]);
});

test("in an answered dial the action hook's verbs are ignored", async () => {
  const { bench, move, verbsRun } = started(dialled, SORRY, { "/dial-done": () => [{ verb: "pause", length: 60 }] });
  await settle();
  bench.edge.onEvent({ event: "answered", leg: "out-1", sipCallId: "b", codec: "PCMA" });
  await settle();
  move();
  await settle();
  expect(verbsRun()).toEqual(["dial", "say", "hangup"]);
});

test("of two within 15 ms the second wins", async () => {
  const { bench, session, move, verbsRun } = started(queued, [{ verb: "pause", length: 60 }]);
  bench.answers["/second"] = () => SORRY;
  await settle();
  move();
  await settle(15);
  session.update({ call_hook: "/second" });
  await settle();
  expect(verbsRun()).toEqual(["enqueue", "pause", "say", "hangup"]);
});

test("20 ms after a wait segment has begun, the new play is not heard", async () => {
  const { bench, move, verbsRun } = started(queued, [{ verb: "play", url: "tone_stream://%(1000,0,880)" }]);
  await settle(BEFORE_WAIT_HOOK + 10);
  const before = bench.edge.sent("play").length;
  move();
  await settle();
  expect(verbsRun()).toEqual(["enqueue", "play"]);
  expect(bench.edge.sent("play")).toHaveLength(before);
});

test("a call_status ends a call only in the state it is for", async () => {
  const { bench, session } = started([{ verb: "pause", length: 60 }]);
  await settle();
  expect(session.update({ call_status: "completed" })).toBe(422);
  expect(session.update({ call_status: "no-answer" })).toBe(202);
  expect(bench.edge.sent("decline")[0]).toMatchObject({ status: 503 });
});

test("a call that has ended is 422, one that never was 404", () => {
  const live = new LiveCalls();
  live.add("a", { update: () => 202 });
  expect(live.update("a", { call_hook: HOOK })).toBe(202);
  live.end("a");
  expect([live.update("a", { call_hook: HOOK }), live.update("b", { call_hook: HOOK })]).toEqual([422, 404]);
});
