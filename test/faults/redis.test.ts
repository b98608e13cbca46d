import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { freePort } from "../../sandbox/processes/ports.ts";
import { Supervisor } from "../../sandbox/processes/supervisor.ts";
import { type Redis, startRedis } from "../../sandbox/servers/redis.ts";
import { buildServer } from "../../service/middleware/server.ts";
import { RedisStore } from "../../service/middleware/store/redis-store.ts";
import { EventStream } from "../service/middleware/event-stream.ts";
import {
  agentInvite,
  CALLER_SID,
  callerInvite,
  collecting,
  eventually,
  ScriptedRooms,
  send,
  signedHook,
  testConfig,
} from "../service/middleware/support.ts";

// The middleware while its Redis is away, and several instances on one Redis. LiveKit is scripted: it is not what fails here.
jest.setTimeout(60_000);

const folder = mkdtempSync(join(tmpdir(), "faults-redis-"));
const supervisor = new Supervisor({ folder });
const apps: FastifyInstance[] = [];
let port: number;
let rooms: ScriptedRooms;
let run = 0;

beforeEach(async () => {
  port = await freePort();
  rooms = new ScriptedRooms();
  run++;
});
afterEach(async () => {
  await Promise.all(apps.splice(0).map((app) => app.close()));
});
afterAll(async () => {
  await supervisor.stopAll();
  rmSync(folder, { recursive: true, force: true });
});

/** Its data outlives a kill, as that of a managed Redis does. */
const redis = (): Promise<Redis> => startRedis(supervisor, { port, folder: join(folder, `data-${run}`) });

function instance(): FastifyInstance {
  const log = collecting([]);
  const store = new RedisStore({
    url: `redis://127.0.0.1:${port}`,
    stackId: "test",
    stack: "test",
    verifyCertificate: true,
    log,
  });
  const app = buildServer({ config: testConfig(), store, rooms, log });
  apps.push(app);
  return app;
}

const verbs = async (app: FastifyInstance, path: string, body: object) => {
  const answer = await signedHook(app, `/livekit-api${path}`, body);
  expect(answer.statusCode).toBe(200);
  return answer.json().map(({ verb }) => verb);
};
const waiting = (app: FastifyInstance, seconds = 3) =>
  verbs(app, "/wait", { call_sid: CALLER_SID, queue_time: seconds });
const statusOf = async (app: FastifyInstance, path: string) => (await send(app, path)).statusCode;
const isReady = async (app: FastifyInstance) => (await statusOf(app, "/readyz")) === 200;

async function dialledOn(app: FastifyInstance): Promise<string> {
  expect((await verbs(app, "", callerInvite()))[0]).toBe("enqueue");
  await waiting(app);
  await eventually(() => rooms.count("createAgentLeg") === 1);
  return rooms.calls[0]?.callId ?? "";
}

describe("Redis is away", () => {
  test("at the start: the service runs, is not ready, gives callers the fallback at once; and is as ever when Redis comes", async () => {
    const app = instance();
    const startedAt = Date.now();
    expect(await verbs(app, "", callerInvite())).toEqual(["say", "hangup"]);
    expect(Date.now() - startedAt).toBeLessThan(3_000);
    expect(await isReady(app)).toBe(false);
    expect([await statusOf(app, "/healthz"), await statusOf(app, "/livekit-api/calls")]).toEqual([200, 503]);

    await redis();
    await eventually(() => isReady(app));
    expect((await verbs(app, "", callerInvite({ call_sid: "after" })))[0]).toBe("enqueue");
  });

  test("in the middle of a call: the caller hears music meanwhile, and reaches the agent when Redis is back", async () => {
    const { running } = await redis();
    const app = instance();
    const callId = await dialledOn(app);
    await running.stop("SIGKILL");
    expect(await waiting(app)).toEqual(["play"]);
    expect(await waiting(app, 60)).toEqual(["leave"]); // but not for ever
    await redis();
    await eventually(() => isReady(app));
    expect(await verbs(app, "/agent-leg", agentInvite(callId))).toContain("dequeue");
    const { calls } = (await send(app, "/livekit-api/calls")).json();
    expect(calls).toMatchObject([{ id: callId, state: "joining" }]);
  });

  test("for those who watch: they are told, and see again what is there when it is back", async () => {
    const { running } = await redis();
    const app = instance();
    const origin = await app.listen({ host: "127.0.0.1", port: 0 });
    const stream = await EventStream.open(`${origin}/livekit-api/calls/events`);
    await eventually(() => stream.named("snapshot").length === 1);
    await running.stop("SIGKILL");
    await redis();
    await eventually(async () => (await verbs(app, "", callerInvite({ call_sid: `${Date.now()}` })))[0] === "enqueue");
    await eventually(() => stream.events.some(({ event, data }) => event === "calls" && data.calls?.length === 1));
    await stream.close();
  });
});

describe("several instances on one Redis", () => {
  test("any of them takes a call over at the next hook, also when the one that had it is gone", async () => {
    await redis();
    const [first, second] = [instance(), instance()];
    const callId = await dialledOn(first);
    await apps.shift()?.close();
    expect(await waiting(second)).toEqual(["play"]);
    expect(await verbs(second, "/agent-leg", agentInvite(callId))).toContain("dequeue");
    await signedHook(second, "/livekit-api/status", { call_sid: CALLER_SID, call_status: "completed" });
    await eventually(() => rooms.count("deleteRoom") === 1);
  });

  test("another one watches a call on whose watch has gone, also when no hook of it comes any more", async () => {
    await redis();
    const [first, second] = [instance(), instance()];
    for (const app of [first, second]) await app.listen({ host: "127.0.0.1", port: 0 });
    const callId = await dialledOn(first);
    await verbs(first, "/agent-leg", agentInvite(callId));
    await apps.shift()?.close();
    rooms.view = { agentReady: false, callerPresent: true };
    await eventually(() => rooms.count("replaceAgent") === 1, 40_000);
  });

  test("the same webhook five times, spread over them: one room, one answer", async () => {
    await redis();
    const instances = [instance(), instance(), instance()];
    const answers = await Promise.all(
      Array.from({ length: 5 }, (_, index) =>
        signedHook(instances[index % 3] as FastifyInstance, "/livekit-api", callerInvite()),
      ),
    );
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
    expect(rooms.count("createCallRoom")).toBe(1);
  });
});
