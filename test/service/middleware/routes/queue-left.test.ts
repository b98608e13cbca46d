import { agentInvite, CALLER_SID, dialledCall, eventually, type Service, startService } from "../support.ts";

let service: Service;
beforeEach(() => {
  service = startService();
});
afterEach(() => service.app.close());

const left = (queue_result: string) => service.verbs("/livekit-api/queue-left", { call_sid: CALLER_SID, queue_result });

describe("POST /livekit-api/queue-left", () => {
  test("hangs up after a conversation and ends the call", async () => {
    const callId = await dialledCall(service);
    await service.verbs("/livekit-api/agent-leg", agentInvite(callId));
    expect(await left("bridged")).toEqual([{ verb: "hangup" }]);
    await eventually(() => service.rooms.count("deleteRoom") === 1);
    expect(service.logged).toContainEqual(
      expect.objectContaining({ event: "call.ended", callId, reason: "completed" }),
    );
  });

  test("ends the call of a caller who hung up in the queue", async () => {
    await dialledCall(service);
    await left("hangup");
    await eventually(() => service.rooms.count("deleteRoom") === 1);
    expect(service.logged).toContainEqual(expect.objectContaining({ event: "call.ended" }));
  });

  test.each(["leave", "error"])("gives the fallback after %s, and the same again when asked again", async (result) => {
    await dialledCall(service);
    const verbs = await left(result);
    expect(verbs.map((verb) => verb.verb)).toEqual(["say", "hangup"]);
    expect(await left(result)).toEqual(verbs);
    expect(service.logged.filter((line) => line.event === "call.fallback")).toHaveLength(1);
  });
});
