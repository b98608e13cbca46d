import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Redis as RedisClient } from "ioredis";
import { Supervisor } from "../../../../sandbox/processes/supervisor.ts";
import { type Redis, startRedis } from "../../../../sandbox/servers/redis.ts";
import { stackKeys } from "../../../../service/middleware/store/redis-keys.ts";
import { RedisStore } from "../../../../service/middleware/store/redis-store.ts";
import { DEFAULT_RETENTION } from "../../../../service/middleware/store/retention.ts";
import { inPhase, record } from "../store/store-contract.ts";
import { callerInvite, collecting, eventually, type Service, startService } from "../support.ts";
import { type Receiver, startReceiver, status, taken } from "./receiver.ts";

const SECRET = "a secret of the receiver's";
const folder = mkdtempSync(join(tmpdir(), "redis-events-"));
const supervisor = new Supervisor({ folder });
const { own } = stackKeys("test", "test");
const logged: Record<string, unknown>[] = [];
let redis: Redis;
let client: RedisClient;
let receiver: Receiver;
let stores: RedisStore[];
let services: Service[];

beforeAll(async () => {
  redis = await startRedis(supervisor);
  client = new RedisClient(redis.url);
});
beforeEach(async () => {
  await client.flushall();
  receiver = await startReceiver();
  stores = [];
  services = [];
  logged.length = 0;
});
afterEach(async () => {
  await receiver.close();
  await Promise.all(services.map(({ app }) => app.close()));
  await Promise.all(stores.map((store) => store.close()));
});
afterAll(async () => {
  client.disconnect();
  await supervisor.stopAll();
  rmSync(folder, { recursive: true, force: true });
});

function open(mostEvents = 100): RedisStore {
  const retention = { ...DEFAULT_RETENTION, mostEvents };
  const options = { url: redis.url, stackId: "test", stack: "test", verifyCertificate: true };
  const store = new RedisStore({ ...options, retention, log: collecting(logged) });
  stores.push(store);
  return store;
}

async function middleware(): Promise<Service> {
  const service = startService({ callEvents: { url: receiver.url, secret: SECRET } }, undefined, open());
  services.push(service);
  await service.app.listen({ host: "127.0.0.1", port: 0 });
  return service;
}

async function callOver(service: Service, call_sid: string): Promise<void> {
  await service.hook("/livekit-api", callerInvite({ call_sid }));
  await service.hook("/livekit-api/status", { call_sid, call_status: "completed" });
}

async function ended(store: RedisStore, callId: string, at = Date.now()): Promise<void> {
  await store.create(record(callId));
  await store.update(callId, inPhase("ended", at));
}
const keys = () => receiver.requests.map(({ headers }) => headers["idempotency-key"]);
const idsOf = async (store: RedisStore, most = 10, leaseMs = 60_000) =>
  (await store.dueEvents(most, leaseMs)).events.map(({ record: { context } }) => context.callId);

test("two middlewares tell each of forty calls once", async () => {
  const pair = [await middleware(), await middleware()] as const;
  await Promise.all(Array.from({ length: 40 }, (_, index) => callOver(pair[index % 2 === 0 ? 0 : 1], `sid-${index}`)));
  await eventually(() => receiver.requests.length >= 40);
  await pause(500);
  expect(receiver.requests).toHaveLength(40);
  expect(new Set(keys()).size).toBe(40);
});

test("what one middleware could not tell, the next one does after a restart", async () => {
  receiver.answering = status(503);
  const first = await middleware();
  await callOver(first, "sid-1");
  await eventually(() => receiver.requests.length === 1);
  await first.app.close();
  receiver.answering = taken;
  await middleware();
  await eventually(() => receiver.requests.length === 2, 15_000);
  expect(new Set(keys()).size).toBe(1);
}, 30_000);

test("an event that died with its middleware is given out again, and counted", async () => {
  const [first, second] = [open(), open()];
  await ended(first, "a");
  expect(await idsOf(first, 10, 200)).toEqual(["a"]);
  await first.close();
  expect(await idsOf(second)).toEqual([]);
  await pause(250);
  const { events } = await second.dueEvents(10, 60_000);
  expect(events).toMatchObject([{ record: { context: { callId: "a" } }, tries: 2 }]);
});

test("gives out what is due for longest, to one store, until it is settled", async () => {
  const [first, second] = [open(), open()];
  for (const [index, callId] of ["a", "b", "c"].entries()) await ended(first, callId, Date.now() - 1_000 + index);
  expect(await idsOf(first, 2)).toEqual(["a", "b"]);
  expect(await idsOf(second)).toEqual(["c"]);
  await first.settleEvent("a");
  await first.settleEvent("b", 50);
  await pause(100);
  expect(await idsOf(second)).toEqual(["b"]);
  await second.settleEvent("b");
  await first.settleEvent("b", 0); // of one who was slower
  await second.settleEvent("c");
  expect(await idsOf(second)).toEqual([]);
  expect((await client.keys(`${own}events*`)).sort()).toEqual([]);
});

test("keeps so many, drops what is due first, and says how many", async () => {
  const store = open(3);
  for (const [index, callId] of ["a", "b", "c", "d", "e"].entries())
    await ended(store, callId, Date.now() - 1_000 + index);
  expect(await store.dueEvents(10, 60_000)).toMatchObject({ dropped: 2, events: [{}, {}, {}] });
  expect(await client.hlen(`${own}events`)).toBe(3);
  expect((await store.dueEvents(10, 60_000)).dropped).toBe(0);
});

test("keeps nothing where nobody is to be told, and nothing for ever", async () => {
  await ended(open(0), "a");
  expect(await client.keys(`${own}events*`)).toEqual([]);
  await ended(open(), "b");
  for (const key of await client.keys(`${own}events*`)) expect(await client.pttl(key)).toBeGreaterThan(0);
});

test.each(["events", "events:due", "events:tries", "events:dropped"])(
  "a call ends although the key %s is of another type, and the next event is told",
  async (name) => {
    const store = open();
    await (name.endsWith("dropped") ? client.rpush(own + name, "x") : client.set(own + name, "x"));
    await ended(store, "a");
    expect((await store.get("a"))?.state.phase).toBe("ended");
    await store.dueEvents(10, 60_000);
    await ended(store, "b");
    expect(await idsOf(store)).toContain("b");
  },
);

test("an event that cannot be read is left out, one of a later version is left alone", async () => {
  const store = open();
  for (const callId of ["a", "b", "c"]) await ended(store, callId);
  await client.hset(`${own}events`, "a", "no record", "b", '[99,"of a later version"]');
  expect(await idsOf(store)).toEqual(["c"]);
  expect(await client.hkeys(`${own}events`)).toEqual(expect.arrayContaining(["b", "c"]));
  expect(await client.hexists(`${own}events`, "a")).toBe(0);
});

test("a Redis that is full is emptied of events before a call is refused", async () => {
  const store = open(10_000);
  await client.config("SET", "maxmemory-policy", "noeviction");
  for (let index = 0; index < 300; index++) await ended(store, `old-${index}`);
  const info = /used_memory:(\d+)/.exec(await client.info("memory"))?.[1];
  try {
    await client.config("SET", "maxmemory", String(Number(info) - 50_000));
    expect((await store.create(record("new"))).created).toBe(true);
  } finally {
    await client.config("SET", "maxmemory", "0");
  }
});

test("a middleware that is killed while it sends: the next one sends it again", async () => {
  receiver.answering = () => undefined;
  const child = killable();
  await eventually(() => receiver.requests.length === 1, 20_000);
  child.kill("SIGKILL");
  await client.zadd(`${own}events:due`, 0, (await client.hkeys(`${own}events`))[0] ?? ""); // as if the lease had passed
  receiver.answering = taken;
  await middleware();
  await eventually(() => receiver.requests.length === 2);
  expect(new Set(keys()).size).toBe(1);
}, 40_000);

/** A process of its own that ends a call and tells it. */
function killable(): ChildProcess {
  const script = `
    import { EventSender } from "./service/middleware/events/event-sender.ts";
    import { newRecord } from "./service/middleware/calls/call-record.ts";
    import { RedisStore } from "./service/middleware/store/redis-store.ts";
    import { DEFAULT_RETENTION } from "./service/middleware/store/retention.ts";
    import { pino } from "pino";
    const log = pino({ level: "silent" });
    const retention = { ...DEFAULT_RETENTION, mostEvents: 10 };
    const store = new RedisStore({ url: ${JSON.stringify(redis.url)}, stackId: "test", stack: "test", verifyCertificate: true, retention, log });
    const context = { callId: "killed", flow: "callback", caller: "anonymous", called: "1", headers: {} };
    await store.create(newRecord({ callSid: "sid", at: Date.now(), context }));
    await store.update("killed", (known) => ({ ...known, state: { ...known.state, phase: "ended", phaseSince: Date.now() } }));
    new EventSender({ store, settings: { url: ${JSON.stringify(receiver.url)}, secret: "${SECRET}" }, log, count: () => {} }).start();
    setTimeout(() => {}, 60000);
  `;
  return spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: "ignore" });
}
