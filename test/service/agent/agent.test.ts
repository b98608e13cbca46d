import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { roomName, TIMERS } from "../../../service/shared/index.ts";
import { AgentBench, found, type Line } from "./worker.ts";

jest.setTimeout(60_000);

const bench = new AgentBench();
beforeAll(() => bench.start());
afterAll(() => bench.stop());

/** How often a caller heard a tone (in pieces of 120 ms). */
const heard = (lines: Line[], hz: number) => lines.filter((line) => isTone(line, hz)).length;
const isTone = (line: Line, hz: number) =>
  line.event === "heard" && Math.abs((line.hz as number) - hz) < 5 && (line.purity as number) > 0.8;

test("a caller is greeted once it can hear, then hears itself, and the agent leaves with it", async () => {
  const call = await bench.newCall("dial");
  await bench.event("agent.track_published", call);
  const caller = await bench.joinCaller(call);
  await bench.event("caller.joined", call);
  await sleep(500);
  expect(heard(caller.lines, 700)).toBe(0);

  caller.obey('attributes {"sip.callStatus":"active"}');
  await bench.event("greeting.finished", call);
  await sleep(300);
  expect(heard(caller.lines, 700)).toBeGreaterThanOrEqual(1);
  expect(heard(caller.lines, 900)).toBeGreaterThanOrEqual(1);

  caller.obey("say 1000");
  expect(await bench.event("caller.audio", call)).toMatchObject({ hz: expect.closeTo(1_000, -1) });
  const said = await found(caller.lines, (line) => line.event === "saying");
  const echoed = await found(caller.lines, (line) => isTone(line, 1_000));
  expect(echoed.time - said.time).toBeLessThan(1_000);

  caller.obey("leave");
  expect(await bench.event("call.ended", call)).toMatchObject({ reason: "caller_left" });
  await sleep(300);
  expect(await bench.rooms.listParticipants(roomName(call.callId)).catch(() => [])).toEqual([]);
});

test("in the callback flow the greeting waits until the caller's first sound shows that jambonz has joined the legs", async () => {
  const call = await bench.newCall("callback");
  const caller = await bench.joinCaller(call);
  caller.obey('attributes {"sip.callStatus":"active"}');
  await bench.event("caller.active", call);
  caller.obey("say 1000");
  const said = await found(caller.lines, (line) => line.event === "saying");
  const greeting = await bench.event("greeting.started", call);
  expect(greeting.time).toBeGreaterThanOrEqual(said.time);
  expect(greeting.time - said.time).toBeLessThan(TIMERS.greetingDelayCallbackMs / 2);
  caller.obey("leave");
  await bench.event("call.ended", call);
});

test("a caller whose line has no signal is greeted when jambonz must have joined the legs", async () => {
  const call = await bench.newCall("callback");
  const caller = await bench.joinCaller(call);
  caller.obey('attributes {"sip.callStatus":"active"}');
  const active = await bench.event("caller.active", call);
  const greeting = await bench.event("greeting.started", call);
  expect(greeting.time - active.time).toBeGreaterThanOrEqual(TIMERS.greetingDelayCallbackMs);
  expect(greeting.time - active.time).toBeLessThan(TIMERS.greetingDelayCallbackMs + 200);
  caller.obey("leave");
  await bench.event("call.ended", call);
});

test("a caller who gives up before the answer is not greeted", async () => {
  const call = await bench.newCall("dial");
  const caller = await bench.joinCaller(call);
  await bench.event("caller.joined", call);
  caller.obey("leave");
  expect(await bench.event("call.ended", call)).toMatchObject({ reason: "caller_left_before_answer" });
  expect(bench.lines.filter((line) => line.event === "greeting.started" && line.callId === call.callId)).toEqual([]);
});

test("of two agents dispatched to one room one stays", async () => {
  const call = await bench.newCall("dial", 2);
  await bench.event("agent.track_published", call);
  expect(await bench.event("call.ended", call)).toMatchObject({ reason: "earlier_agent" });
  await sleep(300);
  expect(await bench.rooms.listParticipants(roomName(call.callId))).toHaveLength(1);
  await bench.rooms.deleteRoom(roomName(call.callId));
});

test("a deleted room ends the job", async () => {
  const call = await bench.newCall("dial");
  await bench.event("agent.track_published", call);
  await bench.rooms.deleteRoom(roomName(call.callId));
  // LiveKit says so twice, to the room and to the worker, and either may be first.
  expect(await bench.event("call.ended", call)).toMatchObject({
    reason: expect.stringMatching(/^(room_closed|job_terminated)$/),
  });
});

test("a call is told with its numbers masked", async () => {
  const call = await bench.newCall("dial");
  expect((await bench.event("agent.job", call)).msg).toBe("📞 Detected API-based call");
  const caller = await bench.joinCaller(call);
  const joined = await bench.event("caller.joined", call);
  expect(joined).toMatchObject({
    msg: "✅ SIP participant detected!",
    sip: { phoneNumber: "+*******456" },
    call: { called: "+*******321" },
  });
  expect(JSON.stringify(bench.lines)).not.toContain("30123456");
  caller.obey("leave");
  await bench.event("call.ended", call);
});

test("the echo needs no process beyond its two hosts", () => {
  const commands = childrenOf(bench.worker.pid).map((pid) => read(`/proc/${pid}/cmdline`));
  expect(commands.filter((command) => command.includes("host/main.ts"))).toHaveLength(2);
  expect(commands.filter((command) => !command.includes("host/main.ts"))).toEqual([]);
});

test("when a host process dies, its callers have another agent at once, and the others notice nothing", async () => {
  const calls = [await bench.newCall("dial"), await bench.newCall("dial")] as const;
  const published = [];
  for (const call of calls) published.push(await bench.event("agent.track_published", call));
  expect(new Set(published.map(({ pid }) => pid)).size).toBe(2);
  const callers = await Promise.all(calls.map((call) => bench.joinCaller(call)));
  for (const caller of callers) caller.obey('attributes {"sip.callStatus":"active"}');
  await Promise.all(calls.map((call) => bench.event("greeting.finished", call)));

  const [victim, witness] = callers as [(typeof callers)[0], (typeof callers)[0]];
  const killedAt = Date.now();
  process.kill(published[0]?.pid as number, "SIGKILL");
  const again = await found(
    bench.lines,
    (line) => line.event === "greeting.finished" && line.callId === calls[0].callId && line.time > killedAt,
    "a second greeting",
  );
  expect(again.time - killedAt).toBeLessThan(2_500);
  expect(again.pid).toBe(published[1]?.pid);
  victim.obey("say 1100");
  await found(victim.lines, (line) => isTone(line, 1_100), "the echo of the new agent");
  witness.obey("say 1300");
  await found(witness.lines, (line) => isTone(line, 1_300), "the echo of the other call's agent");
  expect(witness.lines.filter((line) => line.event === "left")).toEqual([]);
  for (const caller of callers) caller.obey("leave");
  await Promise.all(calls.map((call) => bench.event("call.ended", call)));
});

test("a host process that is stuck counts as dead", async () => {
  const call = await bench.newCall("dial");
  const { pid } = await bench.event("agent.track_published", call);
  process.kill(pid as number, "SIGSTOP");
  const lost = await bench.event("host.stuck");
  expect(lost.pid).toBe(pid);
  const again = (line: Line) =>
    line.event === "agent.track_published" && line.callId === call.callId && line.pid !== pid;
  await found(bench.lines, again, "the agent in the other process");
  await bench.rooms.deleteRoom(roomName(call.callId));
});

test("a refused key is told at once, with what to do", async () => {
  const seen = bench.lines.length;
  const refused = await bench.startWorker({ LIVEKIT_API_SECRET: "not-the-secret-of-this-server-at-all" });
  expect(await refused.exited).toBe(1);
  expect(bench.lines.slice(seen)).toContainEqual(
    expect.objectContaining({ code: "AGENT_LIVEKIT_KEY_REFUSED", msg: expect.stringContaining("LIVEKIT_API_SECRET") }),
  );
});

test("after SIGTERM running calls go on, even those that just began, and the worker ends with the last", async () => {
  const call = await bench.newCall("dial");
  const caller = await bench.joinCaller(call);
  caller.obey('attributes {"sip.callStatus":"active"}');
  await bench.event("greeting.finished", call);
  // Two more calls use up both idle processes: their successors are just being started when the signal comes.
  const others = await Promise.all([bench.newCall("dial"), bench.newCall("dial")]);
  await Promise.all(others.map((other) => bench.event("agent.joined", other)));
  process.kill(bench.worker.pid, "SIGTERM");
  await bench.event("agent.draining");

  caller.obey("say 1200");
  await found(caller.lines, (line) => isTone(line, 1_200), "the echo");
  caller.obey("leave");
  expect(await bench.event("call.ended", call)).toMatchObject({ reason: "caller_left" });
  await Promise.all(others.map((other) => bench.event("agent.track_published", other)));
  expect(bench.lines.some((line) => line.event === "agent.stopped")).toBe(false);
  await Promise.all(others.map((other) => bench.rooms.deleteRoom(roomName(other.callId))));
  expect(await bench.worker.exited).toBe(0);
});

function childrenOf(pid: number): number[] {
  const parent = (child: string) => {
    const stat = read(`/proc/${child}/stat`);
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
  };
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && parent(name) === pid)
    .map(Number);
}

/** Empty when the process has ended since it was listed. */
function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
