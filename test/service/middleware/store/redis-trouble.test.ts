import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Redis as RedisClient } from "ioredis";
import { freePort } from "../../../../sandbox/processes/ports.ts";
import { accepts, waitUntilReady } from "../../../../sandbox/processes/ready.ts";
import { type Running, Supervisor } from "../../../../sandbox/processes/supervisor.ts";
import { RedisStore } from "../../../../service/middleware/store/redis-store.ts";
import { DEFAULT_RETENTION } from "../../../../service/middleware/store/retention.ts";
import { callerInvite, collecting, eventually, ScriptedRooms, type Service, send, startService } from "../support.ts";
import { inPhase, record } from "./store-contract.ts";

// A real Redis in each state in which it answers, but keeps nothing.
jest.setTimeout(60_000);

const folder = mkdtempSync(join(tmpdir(), "redis-trouble-"));
const supervisor = new Supervisor({ folder });
const clients: RedisClient[] = [];
let service: Service | undefined;

afterEach(async () => {
  await service?.app.close();
  service = undefined;
  for (const client of clients.splice(0)) client.disconnect();
});
afterAll(async () => {
  await supervisor.stopAll();
  rmSync(folder, { recursive: true, force: true });
});

interface Server {
  port: number;
  url: string;
  data: string;
  running: Running;
  client: RedisClient;
}

async function start(...args: string[]): Promise<Server> {
  const port = await freePort();
  const data = join(folder, `data-${port}`);
  mkdirSync(data);
  const base = ["--bind", "127.0.0.1", "--port", String(port), "--dir", data];
  const running = await supervisor.start({ name: `redis-${port}`, command: "redis-server", args: [...base, ...args] });
  await waitUntilReady(running, () => accepts(port));
  const client = new RedisClient(port, { maxRetriesPerRequest: null });
  client.on("error", () => undefined);
  clients.push(client);
  return { port, url: `redis://127.0.0.1:${port}`, data, running, client };
}

function serve(
  { url }: Pick<Server, "url">,
  mostEnded = DEFAULT_RETENTION.mostEnded,
): { service: Service; store: RedisStore } {
  const retention = { ...DEFAULT_RETENTION, mostEnded };
  const options = { url, verifyCertificate: true, stackId: "an-identity", stack: "prod", retention };
  const store = new RedisStore({ ...options, log: collecting([]) });
  service = startService({}, new ScriptedRooms(), store);
  return { service, store };
}

const ready = async ({ app }: Service) => {
  const { statusCode, body } = await send(app, "/readyz");
  return { statusCode, store: JSON.parse(body).checks.store as string };
};
const isReady = async (one: Service) => (await ready(one)).statusCode === 200;

test("a replica that is read only is not ready, and is again when it is the primary", async () => {
  const primary = await start("--save", "");
  const replica = await start("--save", "", "--replicaof", "127.0.0.1", String(primary.port));
  await eventually(async () => (await replica.client.info("replication")).includes("master_link_status:up"));
  const { service } = serve(replica);
  expect(await ready(service)).toEqual({ statusCode: 503, store: expect.stringMatching(/READONLY/) });
  await replica.client.replicaof("NO", "ONE");
  await eventually(() => isReady(service));
  expect((await service.verbs("/livekit-api", callerInvite()))[0]).toMatchObject({ verb: "enqueue" });
});

test("one that others have filled is not ready; one that ended calls have filled is", async () => {
  const server = await start("--save", "", "--maxmemory", "10mb", "--maxmemory-policy", "noeviction");
  const { service, store } = serve(server);
  for (let index = 0; index < 7; index++) await server.client.set(`of-another-${index}`, "x".repeat(1_000_000));
  for (let index = 0; ; index++) {
    await store.create(record(`ended-${index}`));
    await store.update(`ended-${index}`, inPhase("ended"));
    if (index % 200 === 0 && (await store.get("ended-0")) === undefined) break; // the oldest had to go
  }
  expect(await ready(service)).toEqual({ statusCode: 200, store: "ok" });
  expect((await service.verbs("/livekit-api", callerInvite()))[0]).toMatchObject({ verb: "enqueue" });
  await server.client.config("SET", "maxmemory", "1mb");
  await pause(1_100); // what was seen a second ago is not asked again
  expect(await ready(service)).toEqual({ statusCode: 503, store: expect.stringMatching(/OOM/) });
  await server.client.config("SET", "maxmemory", "20mb");
  await eventually(() => isReady(service));
});

test("one that cannot save, and so takes no writes, is not ready", async () => {
  const server = await start("--save", "3600 1000000");
  const { service } = serve(server);
  expect(await isReady(service)).toBe(true);
  rmSync(server.data, { recursive: true });
  await server.client.bgsave();
  await eventually(async () => (await server.client.info("persistence")).includes("rdb_last_bgsave_status:err"));
  await pause(1_100);
  expect(await ready(service)).toEqual({ statusCode: 503, store: expect.stringMatching(/MISCONF/) });
  await server.client.config("SET", "stop-writes-on-bgsave-error", "no");
  await eventually(() => isReady(service));
});

test("one that still reads its data from disk is not ready, and is soon after", async () => {
  const before = await start("--save", "3600 1000000");
  for (let index = 0; index < 60; index++) await before.client.set(`key-${index}`, "x".repeat(2_000));
  await before.client.save();
  await before.running.stop("SIGKILL");
  const slowly = ["--key-load-delay", "50000", "--loading-process-events-interval-bytes", "1024"];
  const server = await start("--dir", before.data, ...slowly);
  const { service } = serve(server);
  expect(await ready(service)).toEqual({ statusCode: 503, store: expect.stringMatching(/LOADING|timed out/) });
  await eventually(() => isReady(service));
});

test("one with keys of the wrong types is put right by the look itself", async () => {
  const server = await start("--save", "");
  const { service } = serve(server);
  for (const name of ["active", "changed", "ended", "revision"])
    await server.client.set(`{trunkline:2:an-identity}:${name}`, "of another application");
  expect(await ready(service)).toEqual({ statusCode: 200, store: "ok" });
  expect((await service.verbs("/livekit-api", callerInvite()))[0]).toMatchObject({ verb: "enqueue" });
});

test("the look costs Redis one command a second, whoever asks, and leaves nothing", async () => {
  const server = await start("--save", "");
  const { service } = serve(server);
  await ready(service);
  const keys = await server.client.keys("*");
  expect(keys).toEqual(["{trunkline:2:an-identity}:revision"]);
  await server.client.config("RESETSTAT");
  await pause(1_050);
  await Promise.all(Array.from({ length: 50 }, () => ready(service)));
  expect(await server.client.info("commandstats")).toMatch(/cmdstat_evalsha:calls=1,/);
});
