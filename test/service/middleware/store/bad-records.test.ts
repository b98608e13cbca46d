import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis as RedisClient } from "ioredis";
import { Supervisor } from "../../../../sandbox/processes/supervisor.ts";
import { type Redis, startRedis } from "../../../../sandbox/servers/redis.ts";
import { Janitor } from "../../../../service/middleware/calls/janitor.ts";
import { RedisStore } from "../../../../service/middleware/store/redis-store.ts";
import {
  CALLER_SID,
  callerInvite,
  collecting,
  eventually,
  ScriptedRooms,
  type Service,
  send,
  startService,
} from "../support.ts";
import { inPhase, record } from "./store-contract.ts";

// Anything may stand under a key of ours: it is set aside with one line in the log, and everything else goes on.
jest.setTimeout(30_000);

const OWN = "{trunkline:2:an-identity}:";
const EARLIER = "{trunkline:prod}:";
const BAD = "bad-call-id-of-20-chars";
const GOOD = "good-call-id-of-20-char";
const folder = mkdtempSync(join(tmpdir(), "bad-records-"));
const supervisor = new Supervisor({ folder });
let redis: Redis;
let client: RedisClient;
let store: RedisStore;
let service: Service;
let rooms: ScriptedRooms;
let logged: Record<string, unknown>[];

beforeAll(async () => {
  redis = await startRedis(supervisor);
  client = new RedisClient(redis.url);
});
beforeEach(async () => {
  await client.flushall();
  logged = [];
  const options = { url: redis.url, verifyCertificate: true, stackId: "an-identity", stack: "prod" };
  store = new RedisStore({ ...options, log: collecting(logged) });
  rooms = new ScriptedRooms();
  service = startService({}, rooms, store);
  for (const [id, start] of [
    [GOOD, 2],
    ["ended-call-id-of-20-chr", 1],
  ] as const)
    await store.create(record(id, `sid-${id}`, Date.now() - start));
  await store.update("ended-call-id-of-20-chr", inPhase("ended"));
});
afterEach(() => service.app.close());
afterAll(async () => {
  client.disconnect();
  await supervisor.stopAll();
  rmSync(folder, { recursive: true, force: true });
});

/** Everything that goes through records, twice: the second time there is no more to set aside. */
async function everythingWorks(ended = ["ended-call-id-of-20-chr"]): Promise<void> {
  for (let round = 0; round < 2; round++) {
    const list = await send(service.app, "/livekit-api/calls?state=all");
    expect([
      list.statusCode,
      list
        .json()
        .calls?.map(({ id }) => id)
        .filter((id) => id !== BAD),
    ]).toEqual([200, expect.arrayContaining([GOOD, ...ended])]);
    expect((await send(service.app, "/metrics")).body).toMatch(/state="preparing"\} 1\n/);
    expect((await store.active()).map(({ context }) => context.callId)).toEqual([GOOD]);
    expect(await store.holders("holder", 1_000)).toContain("holder");
    await store.notePulse({ worker: "w", free: 1, calls: [GOOD] });
    expect(await store.pulses()).toMatchObject([{ worker: "w", calls: [GOOD] }]);
    expect(await store.changedSince(await store.revision())).toBeDefined();
    const closed: string[] = [];
    const end = async (callId: string) => void closed.push(callId);
    const log = collecting([]);
    const janitor = new Janitor({ store, rooms, end, callLimitSeconds: 60, fallbackDials: false, log });
    await janitor.reconcile(Date.now() + 120_000);
    expect(closed).toEqual([GOOD]);
    await store.check();
  }
  const answer = await service.verbs("/livekit-api", callerInvite());
  expect(answer[0]).toMatchObject({ verb: "enqueue" });
  await service.hook("/livekit-api/status", { call_sid: CALLER_SID, call_status: "completed" });
  expect((await store.findBySid(CALLER_SID))?.state.phase).toBe("ended");
}

const errors = () => logged.filter(({ level }) => Number(level) >= 50);
const goodText = () => JSON.stringify(record(BAD));
const changed = (change: (record: Record<string, object>) => unknown) => () =>
  JSON.stringify(change(JSON.parse(goodText())));

const TEXTS: [string, () => string][] = [
  ["broken JSON", () => goodText().slice(0, -9)],
  ["no JSON", () => "hello"],
  ["nothing", () => ""],
  ["null", () => "null"],
  ["a number", () => "7"],
  ["a list", () => "[]"],
  ["a list of nothing", () => "[null,null]"],
  ["an empty object", () => "{}"],
  ["a record without state", changed(({ state: _, ...rest }) => rest)],
  ["a record without context", changed(({ context: _, ...rest }) => rest)],
  ["a record without time line", changed(({ timeline: _, ...rest }) => rest)],
  ["a state of null", changed((all) => ({ ...all, state: null }))],
  ["an unknown phase", changed((all) => ({ ...all, state: { ...all.state, phase: "constructor" } }))],
  ["a start that is a text", changed((all) => ({ ...all, state: { ...all.state, startedAt: "now" } }))],
  ["a time line of texts", changed((all) => ({ ...all, timeline: ["webhook.received"] }))],
  ["the record of another call", () => JSON.stringify(record("some-other-call-id-20-c"))],
  ["200 KB of something", () => "x".repeat(200_000)],
];

describe.each([OWN, EARLIER])("under %s", (home) => {
  beforeEach(async () => {
    await client.zadd(`${home}active`, Date.now(), BAD);
    if (home === EARLIER) await client.zadd(`${home}calls`, Date.now(), BAD);
    await client.set(`${home}sid:bad-sid`, BAD);
  });

  test.each(TEXTS)("a record that is %s", async (_what, text) => {
    await client.hset(`${home}call:${BAD}`, { record: text(), token: "t" });
    await everythingWorks();
    expect(await store.findBySid("bad-sid")).toBeUndefined();
    expect(errors()).toMatchObject([{ key: `${home}call:${BAD}`, msg: expect.stringContaining("set aside") }]);
    expect(await client.hget(`${OWN}bad:${home}call:${BAD}`, "record")).toBe(text());
    expect(await client.ttl(`${OWN}bad:${home}call:${BAD}`)).toBeGreaterThan(80_000);
  });

  test.each<[string, () => Promise<unknown>]>([
    ["a text", () => client.set(`${home}call:${BAD}`, "text")],
    ["a list", () => client.rpush(`${home}call:${BAD}`, "text")],
    ["a hash without a record", () => client.hset(`${home}call:${BAD}`, "other", "field")],
    ["a record without a token", () => client.hset(`${home}call:${BAD}`, "record", goodText())],
  ])("a call's key that is %s", async (_what, write) => {
    await write();
    await everythingWorks();
    expect(await store.findBySid("bad-sid")).toBeUndefined();
  });

  test("the key of a leg that is of another type", async () => {
    await client.hset(`${home}sid:${CALLER_SID}`, "a", "b");
    await everythingWorks();
  });

  test("the index of live calls that is of another type: live calls are found again", async () => {
    await client.del(`${home}active`);
    await client.set(`${home}active`, "text");
    await everythingWorks();
    expect(errors()).toMatchObject([{ key: `${home}active` }]);
  });
});

test.each(TEXTS.filter(([what]) => what !== "the record of another call"))(
  "the record of an ended call that is %s is removed",
  async (_what, text) => {
    await client.hset(`${OWN}ended`, BAD, text());
    await client.zadd(`${OWN}ended:start`, Date.now(), BAD);
    await client.rpush(`${OWN}ended:order`, `${Date.now()}:${BAD}`);
    await everythingWorks();
    expect(errors()).toMatchObject([{ callId: BAD, msg: expect.stringContaining("removed") }]);
    expect(await client.hexists(`${OWN}ended`, BAD)).toBe(0);
  },
);

test.each([
  ["changed", ["ended-call-id-of-20-chr"]],
  ["revision", ["ended-call-id-of-20-chr"]],
  ["ended", []],
  ["ended:start", []],
  ["ended:order", []],
])("the index %s of another type is set aside", async (name, ended) => {
  await client.del(OWN + name);
  await (name === "revision" ? client.set(OWN + name, "many") : client.set(OWN + name, "text"));
  await store.check();
  await everythingWorks(ended);
  expect(errors()[0]).toMatchObject({ key: expect.stringContaining(OWN + name) });
});

test("an index of another type stops no call, also when a call is the first to meet it", async () => {
  for (const name of ["active", "changed", "ended", "ended:start", "ended:order", "revision"]) {
    await client.del(OWN + name);
    await client.set(OWN + name, "text");
  }
  const answer = await service.verbs("/livekit-api", callerInvite());
  expect(answer[0]).toMatchObject({ verb: "enqueue" });
  await service.hook("/livekit-api/status", { call_sid: CALLER_SID, call_status: "completed" });
  expect((await store.findBySid(CALLER_SID))?.state.phase).toBe("ended");
  await eventually(async () => (await store.active()).length === 1);
});

test("a record of a later version that cannot be read is left to that version, with one line in the log", async () => {
  const key = `${OWN}call:${BAD}`;
  await client.hset(key, { record: JSON.stringify({ v: 99, call: BAD }), token: "t" });
  await client.zadd(`${OWN}active`, Date.now(), BAD);
  await everythingWorks();
  expect(errors()).toEqual([]);
  expect(logged.filter((line) => line.key === key)).toMatchObject([{ level: 40 }]);
  expect(await client.hget(key, "token")).toBe("t");
  expect(await client.zscore(`${OWN}active`, BAD)).not.toBeNull();
});

test("what a later version has added to a record that can be read goes back with each change", async () => {
  const later = { ...record(BAD), v: 3, added: { by: "version 3" } };
  await client.hset(`${OWN}call:${BAD}`, { record: JSON.stringify(later), token: "t" });
  await store.update(BAD, inPhase("waiting"));
  const kept = JSON.parse((await client.hget(`${OWN}call:${BAD}`, "record")) ?? "");
  expect(kept).toMatchObject({ state: { phase: "waiting" }, added: { by: "version 3" } });
});
