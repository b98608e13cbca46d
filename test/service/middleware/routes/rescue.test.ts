import { CALLER_SID, callerInvite, eventually, LEG_SID, type Service, startService, testCalls } from "../support.ts";

let service: Service;
afterEach(() => service.app.close());

const rescue = (call_status = "in-progress") =>
  service.verbs("/livekit-api/rescue", { call_sid: CALLER_SID, call_status });
const names = (verbs: { verb: string }[]) => verbs.map(({ verb }) => verb);
const queueLeft = (queue_result: string) =>
  service.verbs("/livekit-api/queue-left", { call_sid: CALLER_SID, queue_result });
const dialDone = (dial_call_status: string, call_status = "in-progress") =>
  service.verbs("/livekit-api/dial-done", { call_sid: CALLER_SID, dial_call_status, call_status });
const phases = async () =>
  (await service.app.inject("/livekit-api/calls")).json().calls.map(({ state }: { state: string }) => state);

/** A conversation whose leg LiveKit has lost, of which jambonz knows nothing. */
async function givenUp(callFlow: "callback" | "dial", calls = testCalls()): Promise<void> {
  service = startService({ callFlow, calls });
  await service.verbs("/livekit-api", callerInvite());
  const callId = service.rooms.calls[0]?.callId ?? "";
  if (callFlow === "callback") {
    await service.hook("/livekit-api/wait", { call_sid: CALLER_SID });
    await eventually(() => service.rooms.count("createAgentLeg") === 1);
    await service.hook("/livekit-api/agent-leg", { call_sid: LEG_SID, to: `call-${callId}` });
  }
  await service.hook("/livekit-api/status", {
    call_sid: LEG_SID,
    parent_call_sid: CALLER_SID,
    call_status: "in-progress",
  });
  await service.hook("/livekit-api/status", { call_sid: LEG_SID, parent_call_sid: CALLER_SID, call_status: "failed" });
  expect(await phases()).toEqual(["leaving"]);
}

test.each(["callback", "dial"] as const)("%s: a caller who is moved hears the fallback", async (flow) => {
  await givenUp(flow);
  expect(names(await rescue())).toEqual(["say", "hangup"]);
  expect(await phases()).toEqual(["fallback"]);
});

test("the queue that was cut says `hangup`: nobody has hung up", async () => {
  await givenUp("callback");
  await rescue();
  expect(await queueLeft("hangup")).toEqual([]);
  expect(await phases()).toEqual(["fallback"]);
});

test("the dial that was cut is answered with nothing: verbs would take the place of the rescue's", async () => {
  await givenUp("dial");
  await rescue();
  expect(await dialDone("no-answer")).toEqual([]);
  expect(await phases()).toEqual(["fallback"]);
  expect(names(await dialDone("no-answer", "completed"))).toEqual(["hangup"]);
  expect(await phases()).toEqual([]);
});

test("a caller who was not answered gets the declared status", async () => {
  await givenUp("dial", testCalls({ fallback: { kind: "decline", status: 486 } }));
  expect(await rescue("early-media")).toMatchObject([{ verb: "sip:decline", status: 486 }]);
});

test("an unknown call, one that goes on and one that has ended are never answered with nothing", async () => {
  service = startService();
  expect(names(await rescue())).toEqual(["say", "hangup"]);
  await service.verbs("/livekit-api", callerInvite());
  expect(names(await rescue())).toEqual(["enqueue", "say", "hangup"]);
  await service.hook("/livekit-api/status", { call_sid: CALLER_SID, call_status: "completed" });
  expect(names(await rescue())).toEqual(["hangup"]);
});
