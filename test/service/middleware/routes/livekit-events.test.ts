import { createHash } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { AccessToken } from "livekit-server-sdk";
import {
  agentInvite,
  CALLER_SID,
  callerInvite,
  dialledCall,
  eventually,
  LEG_SID,
  type Service,
  send,
  startService,
  testConfig,
} from "../support.ts";

let service: Service;
afterEach(() => service.app.close());

const { apiKey, apiSecret } = testConfig().livekit;

/** As LiveKit sends them: a token whose claim is the hash of the body. */
async function sendEvent(event: object, secret = apiSecret, body = JSON.stringify(event)) {
  const token = new AccessToken(apiKey, secret);
  token.sha256 = createHash("sha256").update(JSON.stringify(event)).digest("base64");
  const headers = { authorization: await token.toJwt(), "content-type": "application/webhook+json" };
  return send(service.app, "/livekit-events", { method: "POST", body, headers });
}
const trackPublished = (callId: string, id: string) => ({
  event: "track_published",
  id,
  room: { name: `call-${callId}` },
  participant: { identity: "agent", kind: "AGENT", attributes: { "trunkline.build": "x" } },
  track: { sid: "TR_1", type: "AUDIO" },
});
const left = (callId: string) => ({ event: "participant_left", room: { name: `call-${callId}` } });

describe("POST /livekit-events", () => {
  test("looks for somebody who has left, for the first delivery of an event only, and not in a call that is over", async () => {
    service = startService();
    service.rooms.view = { agentReady: true, callerPresent: true, callerActive: true };
    const callId = await dialledCall(service);
    await service.hook("/livekit-api/agent-leg", agentInvite(callId));
    await service.hook("/livekit-api/status", { call_sid: LEG_SID, call_status: "in-progress" });
    const looks = jest.spyOn(service.rooms, "lookInto");
    for (let index = 0; index < 5; index++)
      expect((await sendEvent({ ...left(callId), id: "EV_1" })).statusCode).toBe(204);
    await eventually(() => looks.mock.calls.length === 1, 2_000);
    await sendEvent({ ...left(callId), id: "EV_2" });
    await eventually(() => looks.mock.calls.length === 2, 2_000);
    await service.hook("/livekit-api/status", { call_sid: CALLER_SID, call_status: "completed" });
    await sendEvent({ ...left(callId), id: "EV_3" });
    await pause(600);
    expect(looks).toHaveBeenCalledTimes(2);
  });

  test("takes LiveKit at its word that the agent is ready: no look is needed", async () => {
    service = startService();
    service.rooms.view = { agentReady: false, callerPresent: false };
    const looks = jest.spyOn(service.rooms, "lookInto");
    await service.hook("/livekit-api", callerInvite());
    await service.hook("/livekit-api/wait", { call_sid: CALLER_SID });
    await sendEvent(trackPublished(service.rooms.calls[0]?.callId ?? "", "EV_1"));
    await eventually(() => service.rooms.count("createAgentLeg") === 1, 400);
    expect(looks).not.toHaveBeenCalled();
  });

  test("takes events of calls and rooms that it does not know", async () => {
    service = startService();
    for (const room of ["call-unknown", "somebody-elses-room", ""])
      expect((await sendEvent({ event: "room_finished", id: `EV_${room}`, room: { name: room } })).statusCode).toBe(
        204,
      );
    expect((await sendEvent({ event: "egress_ended", id: "EV_x" })).statusCode).toBe(204);
  });

  test("refuses what LiveKit has not signed", async () => {
    service = startService();
    const event = trackPublished("x", "EV_3");
    const refused = [
      await sendEvent(event, "another secret, also long enough"),
      await sendEvent(event, apiSecret, JSON.stringify(trackPublished("y", "EV_3"))),
      await send(service.app, "/livekit-events", { method: "POST", body: JSON.stringify(event) }),
    ];
    for (const answer of refused) {
      expect(answer.statusCode).toBe(401);
      expect(answer.json().error.code).toBe("EVENT_UNVERIFIED");
    }
  });
});
