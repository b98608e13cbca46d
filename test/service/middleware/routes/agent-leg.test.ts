import {
  agentInvite,
  CALLER_SID,
  callerInvite,
  dialledCall,
  eventually,
  LEG_SID,
  type Service,
  startService,
} from "../support.ts";

let service: Service;
beforeEach(() => {
  service = startService();
});
afterEach(() => service.app.close());

const PATH = "/livekit-api/agent-leg";

describe("POST /livekit-api/agent-leg", () => {
  test("joins the leg with its own caller", async () => {
    const callId = await dialledCall(service);
    expect(await service.verbs(PATH, agentInvite(callId))).toEqual([
      { verb: "config", referHook: expect.stringMatching(/\/livekit-api\/refer$/) },
      { verb: "dequeue", name: `call-${callId}`, callSid: CALLER_SID, timeout: 3 },
    ]);
    expect(service.logged).toContainEqual(
      expect.objectContaining({ event: "agent_leg.webhook", callId, callSid: CALLER_SID }),
    );
  });

  test("answers a repeated webhook of the same leg alike", async () => {
    const callId = await dialledCall(service);
    const first = await service.verbs(PATH, agentInvite(callId));
    expect(await service.verbs(PATH, agentInvite(callId))).toEqual(first);
  });

  test("finds the call by X-Call-Id alone, in any spelling", async () => {
    const callId = await dialledCall(service);
    const invite = agentInvite(callId, { to: "+4930999", sip: { headers: { "x-CALL-id": callId } } });
    expect(await service.verbs(PATH, invite)).toContainEqual(expect.objectContaining({ verb: "dequeue" }));
  });

  test("declines a second leg", async () => {
    const callId = await dialledCall(service);
    await service.verbs(PATH, agentInvite(callId));
    expect(await service.verbs(PATH, agentInvite(callId, { call_sid: "second" }))).toMatchObject([
      { verb: "sip:decline", status: 486 },
    ]);
  });

  test("declines a leg that comes before LiveKit was asked for one", async () => {
    service.rooms.view = { agentReady: false, callerPresent: false };
    await service.hook("/livekit-api", callerInvite());
    const callId = service.rooms.calls[0]?.callId ?? "";
    expect(await service.verbs(PATH, agentInvite(callId))).toMatchObject([{ verb: "sip:decline", status: 486 }]);
  });

  test("declines with 487 when the caller has hung up", async () => {
    const callId = await dialledCall(service);
    await service.hook("/livekit-api/status", { call_sid: CALLER_SID, call_status: "completed" });
    expect(await service.verbs(PATH, agentInvite(callId))).toMatchObject([{ verb: "sip:decline", status: 487 }]);
  });

  test.each([
    ["an id nobody has", {}],
    ["a number", { to: "+4989654321", sip: { headers: {} } }],
    ["an id that is none", { to: "call-1;drop", sip: {} }],
    ["no called user", { to: null, sip: null }],
  ])("declines %s with 404", async (_what, changes) => {
    await dialledCall(service);
    const verbs = await service.verbs(PATH, agentInvite("AAAAAAAAAAAAAAAAAAAA", changes));
    expect(verbs).toMatchObject([{ verb: "sip:decline", status: 404 }]);
  });

  test("declines a leg whose header names another call", async () => {
    const callId = await dialledCall(service);
    const invite = agentInvite(callId, { sip: { headers: { "X-Call-Id": "BBBBBBBBBBBBBBBBBBBB" } } });
    expect(await service.verbs(PATH, invite)).toMatchObject([{ verb: "sip:decline", status: 404 }]);
  });

  test("declines a leg that did not come over LiveKit's carrier", async () => {
    const callId = await dialledCall(service);
    const invite = agentInvite(callId, { originating_sip_trunk_name: "schmidtkom" });
    expect(await service.verbs(PATH, invite)).toMatchObject([{ verb: "sip:decline", status: 404 }]);
  });

  test("sends a caller whose leg ended without joining to the fallback", async () => {
    const callId = await dialledCall(service);
    await service.verbs(PATH, agentInvite(callId));
    await service.hook("/livekit-api/status", { call_sid: LEG_SID, call_status: "completed" });
    expect(await service.verbs("/livekit-api/wait", { call_sid: CALLER_SID })).toEqual([{ verb: "leave" }]);
    await eventually(() => service.rooms.count("deleteRoom") === 1);
  });
});
