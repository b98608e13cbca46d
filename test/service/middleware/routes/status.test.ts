import {
  agentInvite,
  CALLER_SID,
  dialledCall,
  eventually,
  LEG_SID,
  type Service,
  send,
  startService,
} from "../support.ts";

let service: Service;
beforeEach(() => {
  service = startService();
});
afterEach(() => service.app.close());

const status = (call_sid: string, call_status: string) =>
  service.hook("/livekit-api/status", { call_sid, call_status });
const phases = async () =>
  (await send(service.app, "/livekit-api/calls")).json().calls.map((call: { state: string }) => call.state);

describe("POST /livekit-api/status", () => {
  test.each(["completed", "failed", "no-answer", "busy"])(
    "deletes the room and ends the call when the caller is %s",
    async (final) => {
      await dialledCall(service);
      expect((await status(CALLER_SID, final)).statusCode).toBe(200);
      await eventually(() => service.rooms.count("deleteRoom") === 1);
      expect(await phases()).toEqual([]);
      expect(service.logged).toContainEqual(expect.objectContaining({ event: "call.ended", reason: final }));
    },
  );

  test.each(["trying", "ringing", "early-media", "in-progress", "something-new"])(
    "takes %s of the caller as no news",
    async (news) => {
      await dialledCall(service);
      await status(CALLER_SID, news);
      expect(await phases()).toEqual(["dialling"]);
    },
  );

  test("knows the agent's leg: in-progress means talking", async () => {
    const callId = await dialledCall(service);
    await service.verbs("/livekit-api/agent-leg", agentInvite(callId));
    await status(LEG_SID, "in-progress");
    expect(await phases()).toEqual(["talking"]);
  });

  test("ends a call once, however often it is told", async () => {
    await dialledCall(service);
    await Promise.all([status(CALLER_SID, "completed"), status(CALLER_SID, "completed"), status(CALLER_SID, "failed")]);
    expect(service.logged.filter((line) => line.event === "call.ended")).toHaveLength(1);
  });

  test("ignores legs of unknown calls", async () => {
    expect((await status("unknown", "completed")).statusCode).toBe(200);
  });
});
