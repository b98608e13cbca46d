import { setTimeout as sleep } from "node:timers/promises";
import { roomName } from "../../../service/shared/index.ts";
import { AgentBench, found, type Line } from "./worker.ts";

jest.setTimeout(60_000);

const bench = new AgentBench();
beforeAll(() => bench.start({ AGENT_SILENCE_SECONDS: "3", AGENT_CALL_LIMIT_SECONDS: "20", AGENT_MAX_CALLS: "2" }));
afterAll(() => bench.stop());

const isTone = (line: Line, hz: number) =>
  line.event === "heard" && Math.abs((line.hz as number) - hz) < 8 && (line.purity as number) > 0.8;
/** LiveKit answers a deletion before the room has left its list: looks for up to 3 s. */
async function isGone(callId: string): Promise<boolean> {
  for (let tries = 0; tries < 30; tries++) {
    if ((await bench.rooms.listRooms([roomName(callId)])).length === 0) return true;
    await sleep(100);
  }
  return false;
}

async function talkingCall() {
  const call = await bench.newCall("dial");
  const caller = await bench.joinCaller(call);
  caller.obey('attributes {"sip.callStatus":"active"}');
  await bench.event("greeting.finished", call);
  return { call, caller };
}

test("every key comes back, and none of them ends the call, # least of all", async () => {
  const { call, caller } = await talkingCall();
  caller.obey("press 0123456789#");
  for (const key of "0123456789#")
    await found(caller.lines, (line) => line.event === "key" && line.key === key, `the key ${key}`);
  caller.obey("press **");
  await found(caller.lines, (line) => line.event === "key" && line.key === "*", "the key *");
  expect(bench.lines.some((line) => line.event === "call.ended" && line.callId === call.callId)).toBe(false);
  caller.obey("leave");
  await bench.event("call.ended", call);
});

test("* 0 has the agent say good-bye and hang up: the room is gone for the caller too", async () => {
  const { call, caller } = await talkingCall();
  caller.obey("press *0");
  expect(await bench.event("call.ended", call)).toMatchObject({ reason: "agent_hung_up" });
  await found(caller.lines, (line) => line.event === "disconnected");
  expect(caller.lines.some((line) => isTone(line, 750))).toBe(true);
  expect(await isGone(call.callId)).toBe(true);
});

test("a transfer without a declared target leaves the caller with the agent, who says so", async () => {
  const { call, caller } = await talkingCall();
  caller.obey("press *1");
  expect((await bench.event("transfer.failed", call)).err).toMatchObject({ code: "TRANSFER_NOT_DECLARED" });
  await found(caller.lines, (line) => isTone(line, 1_800), "the failure tone");
  await sleep(500);
  caller.obey("say 1000");
  await found(caller.lines, (line) => isTone(line, 1_000), "the echo after the failed transfer");
  caller.obey("leave");
  await bench.event("call.ended", call);
});

test("a caller on hold hears that the line is alive, and any key brings the agent back", async () => {
  const { call, caller } = await talkingCall();
  caller.obey("press *8");
  await found(caller.lines, (line) => isTone(line, 500), "the hold tone");
  caller.obey("press 1");
  await bench.event("hold.finished", call);
  caller.obey("say 1000");
  await found(caller.lines, (line) => isTone(line, 1_000), "the echo after the hold");
  caller.obey("leave");
  await bench.event("call.ended", call);
});

test("a silent caller is asked once, and the call ends if nothing is heard", async () => {
  const { call, caller } = await talkingCall();
  const greeted = await bench.event("greeting.finished", call);
  const asked = await found(caller.lines, (line) => isTone(line, 800), "the question");
  expect(asked.time - greeted.time).toBeGreaterThan(2_800);
  await sleep(5_000);
  expect(await bench.event("call.ended", call)).toMatchObject({ reason: "caller_silent" });
  expect(caller.lines.some((line) => isTone(line, 750))).toBe(true);
  expect(await isGone(call.callId)).toBe(true);
});

test("a worker that is full refuses a call at once", async () => {
  const calls = [await bench.newCall("dial"), await bench.newCall("dial")];
  for (const call of calls) await bench.event("agent.track_published", call);
  const one = await bench.newCall("dial");
  await sleep(1_000);
  expect(bench.lines.some((line) => line.event === "agent.job" && line.callId === one.callId)).toBe(false);
  for (const call of [...calls, one]) await bench.rooms.deleteRoom(roomName(call.callId));
  await Promise.all(calls.map((call) => bench.event("call.ended", call)));
});

test("a conversation that fails is followed by the special information tone and a sentence, not by silence", async () => {
  const call = await bench.newCall("dial", 0);
  const agent = await bench.startFailingAgent(call);
  await bench.event("agent.track_published", call);
  const caller = await bench.joinCaller(call);
  caller.obey('attributes {"sip.callStatus":"active"}');
  await agent.exited;
  for (const hz of [950, 1_400, 1_800])
    expect(caller.lines.filter((line) => isTone(line, hz)).length).toBeGreaterThanOrEqual(1);
  const spoken = caller.lines.filter((line) => line.event === "heard" && (line.purity as number) <= 0.8);
  expect(spoken.length).toBeGreaterThan(15); // pieces of 120 ms
  expect(await bench.event("call.ended", call)).toMatchObject({ reason: "failed" });
});
