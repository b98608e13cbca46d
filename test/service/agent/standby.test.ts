import { setTimeout as sleep } from "node:timers/promises";
import { BEAT_ATTRIBUTE, type CallContext, roomName } from "../../../service/shared/index.ts";
import { AgentBench, found, type Line } from "./worker.ts";

// An agent that waits in a room for a call, from its way in to its call or its end. On a real livekit-server.
jest.setTimeout(60_000);

const bench = new AgentBench();
beforeAll(() => bench.start());
afterAll(() => bench.stop());

/** The worker's next line with this event in the room of that call. */
const inRoom = (event: string, { callId }: CallContext) =>
  found(bench.lines, (line) => line.event === event && line.room === roomName(callId), event);
const participants = ({ callId }: CallContext) => bench.rooms.listParticipants(roomName(callId)).catch(() => []);
const heard = (lines: Line[], hz: number) =>
  lines.some((line) => line.event === "heard" && Math.abs((line.hz as number) - hz) < 8);

test("it is in the room, shows that it lives, and sends nothing", async () => {
  const call = await bench.newStandby("dial");
  await inRoom("agent.standing_by", call);
  await sleep(500);
  const [agent, ...others] = await participants(call);
  expect(others).toEqual([]);
  expect(agent?.tracks).toEqual([]);
  expect(agent?.attributes[BEAT_ATTRIBUTE]).toMatch(/^\d+$/);
  await bench.rooms.deleteRoom(roomName(call.callId));
});

/** An agent that is sent for when the call comes, from the room's making to its track. */
async function usualWayIn(): Promise<number> {
  const askedAt = Date.now();
  const call = await bench.newCall("dial");
  const published = await bench.event("agent.track_published", call);
  await bench.rooms.deleteRoom(roomName(call.callId));
  return published.time - askedAt;
}

test("the room that is given to a call has an agent in less than half of its way in, and the caller is greeted", async () => {
  const call = await bench.newStandby("dial");
  await inRoom("agent.standing_by", call);
  const usual = await usualWayIn();
  const givenAt = Date.now();
  await bench.give(call);
  const published = await bench.event("agent.track_published", call);
  expect(published.time - givenAt).toBeLessThan(usual / 2);
  // The call's times begin with the call, not with the waiting.
  expect(published.ms).toBeLessThan(usual / 2);

  const caller = await bench.joinCaller(call);
  caller.obey('attributes {"sip.callStatus":"active"}');
  await bench.event("greeting.finished", call);
  await sleep(300);
  expect(heard(caller.lines, 700)).toBe(true);
  caller.obey("leave");
  expect(await bench.event("call.ended", call)).toMatchObject({ reason: "caller_left" });
  await sleep(300);
  expect(await participants(call)).toEqual([]);
});

test("a call that got its room before the agent was there gets the agent as soon as it is", async () => {
  const call = await bench.newStandby("callback");
  await bench.give(call);
  expect(await bench.event("agent.joined", call)).toBeDefined();
  await bench.event("agent.track_published", call);
  await bench.rooms.deleteRoom(roomName(call.callId));
});

test("a room that is deleted ends the waiting", async () => {
  const call = await bench.newStandby("dial");
  await inRoom("agent.standing_by", call);
  await bench.rooms.deleteRoom(roomName(call.callId));
  expect((await inRoom("standby.ended", call)).reason).toMatch(/^(room_closed|job_terminated)$/);
});

test("LiveKit closes a room in which nobody but it has been for too long: a middleware that was killed leaves none", async () => {
  const call = await bench.newStandby("dial", 2);
  await inRoom("agent.standing_by", call);
  expect((await inRoom("standby.ended", call)).reason).toMatch(/^(room_closed|job_terminated)$/);
  expect(await participants(call)).toEqual([]);
});

test("when its process dies it is back in the room at once, for the call that comes then", async () => {
  const call = await bench.newStandby("dial");
  const { pid } = await inRoom("agent.standing_by", call);
  process.kill(pid as number, "SIGKILL");
  const isBack = (line: Line) =>
    line.event === "agent.standing_by" && line.room === roomName(call.callId) && line.pid !== pid;
  await found(bench.lines, isBack, "the second agent");
  await bench.give(call);
  await bench.event("agent.track_published", call);
  await bench.rooms.deleteRoom(roomName(call.callId));
});

test("a worker that stops has its waiting agents leave at once, and waits for the calls that were given", async () => {
  const [waiting, given] = [await bench.newStandby("dial"), await bench.newStandby("dial")];
  await inRoom("agent.standing_by", waiting);
  await inRoom("agent.standing_by", given);
  await bench.give(given);
  const caller = await bench.joinCaller(given);
  caller.obey('attributes {"sip.callStatus":"active"}');
  await bench.event("greeting.finished", given);
  process.kill(bench.worker.pid, "SIGTERM");
  const askedAt = Date.now();
  const ended = await inRoom("standby.ended", waiting);
  expect(ended.reason).toBe("worker_stopped");
  expect(ended.time - askedAt).toBeLessThan(1_000);
  expect(await participants(given)).toHaveLength(2);
  caller.obey("leave");
  expect(await bench.worker.exited).toBe(0);
  expect(Date.now() - askedAt).toBeLessThan(5_000);
});
