import { setTimeout as pause } from "node:timers/promises";
import { CALLER_SID, callerInvite, eventually, ScriptedRooms, type Service, send, startService } from "../support.ts";

let service: Service;
afterEach(() => service.app.close());

const wait = () =>
  service.verbs("/livekit-api/wait", { call_sid: CALLER_SID, queue_sid: "queue:a:call-x", queue_time: 0 });

describe("POST /livekit-api/wait", () => {
  test("plays a generated tone of at most 3 s", async () => {
    service = startService();
    await service.hook("/livekit-api", callerInvite());
    const [play] = await wait();
    if (play?.verb !== "play" || typeof play.url !== "string") throw new Error("no play verb with one URL");
    const lengths = [...play.url.matchAll(/%\((\d+),(\d+),/g)].map(([, on, off]) => Number(on) + Number(off));
    const total = lengths.reduce((sum, ms) => sum + ms, 0);
    expect(play.url).toMatch(/^tone_stream:\/\//);
    expect(total).toBeGreaterThan(1_000);
    expect(total).toBeLessThanOrEqual(3_000);
  });

  test("plays for a minute where live call control reaches the caller, and holds up no restart", async () => {
    const rooms = new ScriptedRooms();
    rooms.view = { agentReady: false, callerPresent: false };
    service = startService({ liveCalls: { url: "http://127.0.0.1:1", key: "key" } }, rooms);
    await service.hook("/livekit-api", callerInvite());
    const [play, ...more] = await wait();
    expect([play, more]).toEqual([{ verb: "play", url: expect.stringMatching(/^tone_stream:\/\/L=20;/) }, []]);
    const startedAt = performance.now();
    await service.app.drain(5_000);
    expect(performance.now() - startedAt).toBeLessThan(500);
  });

  test("has LiveKit call only when the caller is in the queue", async () => {
    service = startService();
    await service.hook("/livekit-api", callerInvite());
    await eventually(() => service.logged.some((line) => line.event === "agent.ready"));
    await pause(400);
    expect(service.rooms.count("createAgentLeg")).toBe(0);
    await wait();
    await eventually(() => service.rooms.count("createAgentLeg") === 1);
    await eventually(() => service.logged.some((line) => line.msg === "Successfully created SIP participant"));
  });

  test("has LiveKit call a while after the announcement if no wait hook comes", async () => {
    service = startService();
    await service.hook("/livekit-api", callerInvite());
    await eventually(() => service.rooms.count("createAgentLeg") === 1, 4_000);
  });

  test("asks LiveKit for one leg, however often the caller asks for music", async () => {
    service = startService();
    await service.hook("/livekit-api", callerInvite());
    for (let hooks = 0; hooks < 5; hooks++) await wait();
    await pause(600);
    expect(service.rooms.count("createAgentLeg")).toBe(1);
  });

  test("looks after the dispatch at 3.5 s without an agent", async () => {
    const rooms = new ScriptedRooms();
    rooms.view = { agentReady: false, callerPresent: false };
    service = startService({}, rooms);
    await service.hook("/livekit-api", callerInvite());
    await pause(3_000);
    expect(rooms.count("ensureDispatch")).toBe(0);
    await eventually(() => rooms.count("ensureDispatch") === 1, 1_500);
  });

  test("sends the caller to the fallback when LiveKit refuses the leg", async () => {
    const rooms = new ScriptedRooms();
    rooms.legErrors = [new Error("no such trunk")];
    rooms.view = { agentReady: true, callerPresent: false };
    service = startService({}, rooms);
    await service.hook("/livekit-api", callerInvite());
    await wait();
    await eventually(async () => (await wait())[0]?.verb === "leave");
    const verbs = await service.verbs("/livekit-api/queue-left", { call_sid: CALLER_SID, queue_result: "leave" });
    expect(verbs.map((verb) => verb.verb)).toEqual(["say", "hangup"]);
    expect(service.logged).toContainEqual(expect.objectContaining({ event: "call.fallback", reason: "no such trunk" }));
  });

  test("lets a caller of an unknown call leave, rather than wait for ever", async () => {
    service = startService();
    expect(await wait()).toEqual([{ verb: "leave" }]);
    const verbs = await service.verbs("/livekit-api/queue-left", { call_sid: CALLER_SID, queue_result: "leave" });
    expect(verbs.map((verb) => verb.verb)).toEqual(["say", "hangup"]);
  });

  test("gives each waiting caller music for the time of a restart before the service stops, and is not ready any more", async () => {
    const rooms = new ScriptedRooms();
    rooms.view = { agentReady: false, callerPresent: false };
    service = startService({}, rooms);
    await service.hook("/livekit-api", callerInvite());
    expect(await wait()).toHaveLength(1);
    let isDrained = false;
    const drained = service.app.drain(60_000).then(() => {
      isDrained = true;
    });
    const ready = await send(service.app, "/readyz");
    expect(ready.statusCode).toBe(503);
    expect(ready.body).toContain('"stopping"');
    expect(isDrained).toBe(false);
    const segments = await wait();
    expect(segments.length).toBeGreaterThanOrEqual(4);
    expect(segments.every(({ verb }) => verb === "play")).toBe(true);
    await drained;
  });

  describe("before it stops, the service does not wait", () => {
    /** Else: 4.5 s from the last hook on. */
    async function expectNoWaiting(): Promise<void> {
      const startedAt = Date.now();
      await service.app.drain(60_000);
      expect(Date.now() - startedAt).toBeLessThan(3_000);
    }

    test("for a caller who has left the queue", async () => {
      service = startService();
      await service.hook("/livekit-api", callerInvite());
      await wait();
      await service.hook("/livekit-api/queue-left", { call_sid: CALLER_SID, queue_result: "hangup" });
      await expectNoWaiting();
    });

    test("for a caller who was told to leave it", async () => {
      const rooms = new ScriptedRooms();
      rooms.legErrors = [new Error("no such trunk")];
      rooms.view = { agentReady: true, callerPresent: false };
      service = startService({}, rooms);
      await service.hook("/livekit-api", callerInvite());
      await eventually(async () => (await wait())[0]?.verb === "leave");
      await expectNoWaiting();
    });
  });
});
