import { createHash } from "node:crypto";
import { AccessToken } from "livekit-server-sdk";
import { dialledCall, eventually, type Service, send, startService, testConfig } from "../support.ts";

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
});

describe("POST /livekit-events", () => {
  test("has the room looked into at once, for the first delivery of an event only", async () => {
    service = startService();
    service.rooms.view = { agentReady: true, callerPresent: true, callerActive: true };
    const callId = await dialledCall(service);
    await service.hook("/livekit-api/agent-leg", {
      call_sid: "leg",
      to: `call-${callId}`,
      originating_sip_trunk_name: "LiveKit-test",
    });
    await service.hook("/livekit-api/status", { call_sid: "leg", call_status: "in-progress" });
    const looks = jest.spyOn(service.rooms, "lookInto"); // a live call is looked into once a second
    await eventually(() => looks.mock.calls.length > 0);
    looks.mockClear();
    for (let index = 0; index < 5; index++)
      expect((await sendEvent(trackPublished(callId, "EV_1"))).statusCode).toBe(204);
    expect(looks.mock.calls.length).toBe(1);
    await sendEvent(trackPublished(callId, "EV_2"));
    await eventually(() => looks.mock.calls.length === 2, 300);
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
