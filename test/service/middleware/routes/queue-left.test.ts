import {
  agentInvite,
  CALLER_SID,
  dialledCall,
  eventually,
  LEG_SID,
  type Service,
  startService,
  testCalls,
} from "../support.ts";

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

  test("ends LiveKit's leg first, and the room when the agent has had time to leave it", async () => {
    await dialledCall(service);
    await left("hangup");
    const ending = () => service.rooms.done.filter((step) => /removeLeg|deleteRoom/.test(step));
    await eventually(() => ending().length > 0);
    expect(ending()).toEqual(["removeLeg"]);
    await eventually(() => ending().length > 1);
    expect(ending()).toEqual(["removeLeg", "deleteRoom"]);
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

describe("a transfer by the agent", () => {
  const OPERATOR = "+4989300777";
  const toOperator = { call_sid: LEG_SID, refer_details: { refer_to_user: OPERATOR } };
  const joinedCall = async () => {
    await service.app.close();
    service = startService({ calls: testCalls({ allowedTargets: [OPERATOR] }) });
    await service.verbs("/livekit-api/agent-leg", agentInvite(await dialledCall(service)));
  };

  test("ends the agent's leg; the caller leaves the queue and is dialled on, also when asked again", async () => {
    await joinedCall();
    expect(await service.verbs("/livekit-api/refer", toOperator)).toEqual([{ verb: "hangup" }]);
    await service.hook("/livekit-api/status", { call_sid: LEG_SID, call_status: "completed" });
    const verbs = await left("bridged");
    expect(verbs).toMatchObject([{ verb: "dial", target: [{ type: "phone", number: OPERATOR, trunk: "schmidtkom" }] }]);
    expect(await left("bridged")).toEqual(verbs);
  });

  test("is forgotten when the caller hangs up first", async () => {
    await joinedCall();
    await service.verbs("/livekit-api/refer", toOperator);
    expect(await left("hangup")).toEqual([{ verb: "hangup" }]);
  });
});
