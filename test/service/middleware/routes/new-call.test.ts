import { callContextSchema } from "@trunkline/shared";
import type { RoomSight } from "../../../../service/middleware/livekit/views.ts";
import {
  CALLER_SID,
  callerInvite,
  eventually,
  ScriptedRooms,
  type Service,
  send,
  startService,
  testCalls,
  testSpeech,
} from "../support.ts";

/** In each of its rooms waits an agent who shows its heartbeat. */
class RoomsWithAgent extends ScriptedRooms {
  override async lookInto(): Promise<RoomSight> {
    return { ...this.view, agents: [{ identity: "agent-1", ready: false, beat: `${Date.now()}` }] };
  }
}

let service: Service;
afterEach(() => service.app.close());

describe("POST /livekit-api", () => {
  test("puts the caller into a queue of its own, named like the room", async () => {
    service = startService();
    const verbs = await service.verbs("/livekit-api", callerInvite());
    expect(verbs).toEqual([
      {
        verb: "enqueue",
        name: `call-${service.rooms.calls[0]?.callId}`,
        waitHook: expect.stringMatching(/^http:\/\/localhost:80\/livekit-api\/wait#rc=5&rp=all$/),
        actionHook: expect.stringMatching(/^http:\/\/localhost:80\/livekit-api\/queue-left#rc=5&rp=all$/),
      },
      { verb: "say", text: "Please call again later.", synthesizer: { vendor: "voices", language: "en" } }, // for a queue that ends without its action hook
      { verb: "hangup" },
    ]);
  });

  test("speaks the announcement first", async () => {
    service = startService({ calls: testCalls({ speech: testSpeech("An assistant answers.") }) });
    const verbs = await service.verbs("/livekit-api", callerInvite());
    expect(verbs.map((verb) => verb.verb)).toEqual(["say", "enqueue", "say", "hangup"]);
    expect(verbs[0]).toMatchObject({ text: "An assistant answers." });
  });

  test("gives the agent the call's context, carrier headers in the sender's spelling", async () => {
    service = startService();
    await service.hook("/livekit-api", callerInvite());
    const context = callContextSchema.parse(service.rooms.calls[0]);
    expect(context).toMatchObject({
      flow: "callback",
      caller: "+4930123456",
      called: "+4989654321",
      carrier: "schmidtkom",
      headers: { "x-cArRiEr": "north" },
    });
  });

  test.each(["to", "originating_sip_trunk_name"])(
    "refuses a %s that is no number and no name by its length",
    async (field) => {
      service = startService();
      const answer = await service.hook("/livekit-api", { ...callerInvite(), [field]: "4".repeat(200_000) });
      expect(answer.statusCode).toBe(400);
      expect(answer.body).toContain(`${field}: is over 256 characters`);
      expect(answer.body.length).toBeLessThan(500);
      expect(service.rooms.calls).toEqual([]);
    },
  );

  test("cuts a caller's name that is too long: the caller is not refused for it", async () => {
    service = startService();
    await service.hook("/livekit-api", { ...callerInvite(), from: "x".repeat(200_000) });
    expect(service.rooms.calls[0]?.caller).toHaveLength(256);
  });

  test.each([
    "",
    "anonymous",
    "Anonymous",
    "Restricted",
    null,
    "unknown",
    "anonymous@anonymous.invalid",
    '"Anonymous" <sip:anonymous@anonymous.invalid>',
  ])("calls the caller %p anonymous", async (from) => {
    service = startService();
    await service.hook("/livekit-api", callerInvite({ from }));
    expect(service.rooms.calls[0]?.caller).toBe("anonymous");
  });

  test.each([
    ["+4930123456;npdi", "+4930123456"],
    ["tel:+4930123456;phone-context=+49", "+4930123456"],
    ["sip:+4930123456@192.0.2.1;user=phone", "+4930123456"],
    ['"Office" <sip:+4930123456;cpc=ordinary@carrier.example>', "+4930123456"],
  ])("reads %s as a number, of the caller and of the called", async (written, number) => {
    service = startService();
    await service.hook("/livekit-api", callerInvite({ from: written, to: written }));
    expect(service.rooms.calls[0]).toMatchObject({ caller: number, called: number });
  });

  test("leaves out a header that is too long for LiveKit, and says so: half a token is none", async () => {
    const [fits, long] = ["ü".repeat(512), "x".repeat(1_025)];
    service = startService({ carrierHeaders: ["X-Carrier", "X-Token"] });
    await service.hook("/livekit-api", callerInvite({ sip: { headers: { "X-Carrier": fits, "x-token": long } } }));
    expect(service.rooms.calls[0]?.headers).toEqual({ "X-Carrier": fits });
    expect(service.logged).toContainEqual(expect.objectContaining({ event: "header.left-out", headers: ["x-token"] }));
    expect(JSON.stringify(service.logged)).not.toContain(long);
  });

  test("answers the same call_sid with the same verbs and one room, five times at once and once later", async () => {
    const rooms = new ScriptedRooms();
    rooms.createMs = 120;
    service = startService({}, rooms);
    const atOnce = await Promise.all(Array.from({ length: 5 }, () => service.verbs("/livekit-api", callerInvite())));
    const later = await service.verbs("/livekit-api", callerInvite());
    expect(new Set([...atOnce, later].map((verbs) => JSON.stringify(verbs))).size).toBe(1);
    expect(rooms.count("createCallRoom")).toBe(1);
  });

  describe("with rooms that were made ahead", () => {
    async function withStandby(calls = testCalls()): Promise<ScriptedRooms> {
      const rooms = new RoomsWithAgent();
      service = startService({ standbyRooms: 1, calls }, rooms);
      await service.app.listen({ host: "127.0.0.1", port: 0 });
      await eventually(async () => /trunkline_standby_rooms 1/.test(await metrics()));
      return rooms;
    }
    const metrics = async () => (await send(service.app, "/metrics")).body;

    test("gives the call one whose agent waits; the next call has to wait for its agent", async () => {
      const rooms = await withStandby();
      const [verb] = await service.verbs("/livekit-api", callerInvite());
      expect(rooms.done.filter((step) => /Room$/.test(step))).toEqual(["createStandbyRoom", "giveRoom"]);
      expect(verb).toMatchObject({ name: `call-${rooms.calls[0]?.callId}` });
      await service.hook("/livekit-api", callerInvite({ call_sid: "another" }));
      expect(rooms.count("createCallRoom")).toBe(1);
    });

    test("gives up the room of a webhook that comes again", async () => {
      const rooms = await withStandby();
      await service.hook("/livekit-api", callerInvite());
      await eventually(async () => /trunkline_standby_rooms 1/.test(await metrics()));
      await service.hook("/livekit-api", callerInvite());
      expect(rooms.count("giveRoom")).toBe(1);
      expect(rooms.count("deleteRoom")).toBe(1);
    });

    test("gives none to calls beyond the limit, of which the first only costs one", async () => {
      const rooms = await withStandby(testCalls({ maxConcurrentCalls: 1 }));
      for (const call_sid of ["talks", "too many", "too many again"]) {
        await eventually(async () => /trunkline_standby_rooms 1/.test(await metrics()));
        await service.hook("/livekit-api", callerInvite({ call_sid }));
      }
      expect(rooms.calls).toHaveLength(1);
      expect(await metrics()).toMatch(/trunkline_standby_rooms 1/);
    });
  });

  test("gives different calls different rooms", async () => {
    service = startService();
    const first = await service.verbs("/livekit-api", callerInvite());
    const second = await service.verbs("/livekit-api", callerInvite({ call_sid: "another" }));
    expect(first).not.toEqual(second);
    expect(service.rooms.count("createCallRoom")).toBe(2);
  });

  test("falls back at once when LiveKit refuses, and says why in the log", async () => {
    const rooms = new ScriptedRooms();
    rooms.createError = new Error("invalid API key");
    service = startService({}, rooms);
    const verbs = await service.verbs("/livekit-api", callerInvite());
    expect(verbs.map((verb) => verb.verb)).toEqual(["say", "hangup"]);
    expect(service.logged).toContainEqual(
      expect.objectContaining({ event: "call.fallback", reason: "invalid API key" }),
    );
  });

  test("falls back after 3 s when LiveKit is slow, and removes the room that came too late", async () => {
    const rooms = new ScriptedRooms();
    rooms.createMs = 3_400;
    service = startService({}, rooms);
    const started = Date.now();
    const verbs = await service.verbs("/livekit-api", callerInvite());
    expect(Date.now() - started).toBeLessThan(3_300);
    expect(verbs.map((verb) => verb.verb)).toEqual(["say", "hangup"]);
    await eventually(() => rooms.count("deleteRoom") === 2); // once for the fallback, once more for the late room
    expect(await service.verbs("/livekit-api", callerInvite())).toEqual(verbs);
  });

  test("logs the words that tools look for, with numbers masked everywhere", async () => {
    service = startService();
    await service.hook("/livekit-api", callerInvite());
    expect(service.logged).toContainEqual(
      expect.objectContaining({ msg: "Pre-registering call with LiveKit API", callSid: CALLER_SID }),
    );
    expect(service.logged).toContainEqual(
      expect.objectContaining({ event: "webhook.received", caller: "+*******456", called: "+*******321" }),
    );
    expect(JSON.stringify(service.logged)).not.toMatch(/4930123456|4989654321/);
  });
});
