import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis as RedisClient } from "ioredis";
import { Supervisor } from "../../../../sandbox/processes/supervisor.ts";
import { type Redis, startRedis } from "../../../../sandbox/servers/redis.ts";
import { RedisStore } from "../../../../service/middleware/store/redis-store.ts";
import {
  CALLER_SID,
  callerInvite,
  collecting,
  eventually,
  LEG_SID,
  ScriptedRooms,
  type Service,
  send,
  startService,
  testCalls,
  testSpeech,
} from "../support.ts";
import { ENDED_SID, type Keyspace, makeCalls, readKeys, WAITING_SID, writeKeys } from "./keyspace.ts";

// What each version of the middleware has left in Redis, written by that version's own code, and read by today's.
jest.setTimeout(30_000);

const VERSIONS = join(__dirname, "versions");
const files = readdirSync(VERSIONS).sort();
const folder = mkdtempSync(join(tmpdir(), "versions-"));
const supervisor = new Supervisor({ folder });
let redis: Redis;
let client: RedisClient;
let service: Service;
let store: RedisStore;

beforeAll(async () => {
  redis = await startRedis(supervisor);
  client = new RedisClient(redis.url);
});
beforeEach(async () => {
  await client.flushall();
  const options = { url: redis.url, verifyCertificate: true, stackId: "an-identity", stack: "prod" };
  store = new RedisStore({ ...options, log: collecting([]) });
  service = startService({ calls: testCalls({ speech: testSpeech("", {}) }) }, new ScriptedRooms(), store);
});
afterEach(() => service.app.close());
afterAll(async () => {
  client.disconnect();
  await supervisor.stopAll();
  rmSync(folder, { recursive: true, force: true });
});

const read = (file: string) => writeKeys(client, readFileSync(join(VERSIONS, file), "utf8"));
const status = (call_sid: string, call_status: string) =>
  service.hook("/livekit-api/status", { call_sid, call_status });
const calls = async () => (await send(service.app, "/livekit-api/calls?state=all")).json().calls;
const stateOf = async (id: string) => (await store.get(id))?.state;

describe.each(files)("what version %s left", (file) => {
  test("is listed and counted", async () => {
    const { talking, waiting, ended } = await read(file);
    const states = new Map((await calls()).map(({ id, state }) => [id, state]));
    expect(states).toEqual(
      new Map([
        [talking, "talking"],
        [waiting, "waiting"],
        [ended, "ended"],
      ]),
    );
    const { body } = await send(service.app, "/metrics");
    expect(body).toMatch(/trunkline_calls_active\{state="talking"\} 1/);
    expect(body).toMatch(/trunkline_calls_active\{state="waiting"\} 1/);
  });

  test("goes on: a caller who waits gets the agent, a repeated webhook its answer, no call is begun twice", async () => {
    const { waiting, talking } = await read(file);
    const [enqueue] = await service.verbs("/livekit-api", callerInvite());
    expect(enqueue).toMatchObject({ verb: "enqueue", name: `call-${talking}` });
    await service.hook("/livekit-api/wait", { call_sid: WAITING_SID });
    await eventually(async () => (await stateOf(waiting))?.phase === "dialling");
    expect(service.rooms.calls).toEqual([]);
    expect(await store.active()).toHaveLength(2);
  });

  test("is watched by this version as soon as it runs", async () => {
    const { talking } = await read(file);
    service.rooms.view = { agentReady: true, callerPresent: false }; // the leg has gone unseen
    service.rooms.liveRooms = [];
    await service.app.listen({ host: "127.0.0.1", port: 0 });
    await eventually(async () => (await stateOf(talking))?.phase === "leaving");
  });

  test("ends as a call of today: with all its ids, known by its legs for a while", async () => {
    const { talking, ended } = await read(file);
    const before = await store.get(talking);
    await status(LEG_SID, "completed");
    await status(CALLER_SID, "completed");
    const after = await store.findBySid(LEG_SID);
    expect(after).toMatchObject({ callSid: CALLER_SID, state: { phase: "ended", legSid: LEG_SID } });
    expect(after?.origin ?? {}).toEqual(before?.origin ?? {});
    expect(after?.state).toMatchObject({
      ...(before?.state.agentReport && { agentReport: before.state.agentReport }),
      ...(before?.state.livekitCallId && { livekitCallId: before.state.livekitCallId }),
    });
    expect((await store.findBySid(ENDED_SID))?.context.callId).toBe(ended);
    expect((await calls()).filter(({ state }) => state === "ended")).toHaveLength(2);
  });
});

test("a call of an earlier version stays where that version's instances find it, until it ends", async () => {
  const { waiting } = await read("1.6-two-writes.json");
  await service.hook("/livekit-api/wait", { call_sid: WAITING_SID });
  await eventually(async () => (await stateOf(waiting))?.phase === "dialling");
  const kept = await client.hget(`{trunkline:prod}:call:${waiting}`, "record");
  expect(JSON.parse(kept ?? "")).toMatchObject({ state: { phase: "dialling" } });
  await status(WAITING_SID, "completed");
  expect(await client.exists(`{trunkline:prod}:call:${waiting}`)).toBe(0);
  expect(await client.zscore("{trunkline:prod}:active", waiting)).toBeNull();
});

/** All paths of a value. Positions count in short lists, which are packed records; others hold any number of the same. */
function shapeOf(value: unknown, path = ""): string[] {
  if (typeof value === "string" && /^[[{]/.test(value)) return shapeOf(JSON.parse(value), path);
  if (typeof value !== "object" || value === null) return [`${path}: ${value === null ? "null" : typeof value}`];
  const isSame = Array.isArray(value) && (value.length > 7 || typeof value[0] === "object");
  return Object.entries(value).flatMap(([key, one]) => shapeOf(one, `${path}.${isSame ? "" : key}`));
}

const shapesOf = ({ keys }: Pick<Keyspace, "keys">) =>
  Object.entries(keys).map(([key, { type, value }]) => {
    const name = key.replace(/^\{.*?\}:/, "").replace(/^(call|sid|claim):.*/, "$1");
    const withoutIds = (text: string) => text.replaceAll(/[A-Za-z0-9-]{20,}/g, "<id>");
    return [name, type, ...[...new Set(shapeOf(value).map(withoutIds))].sort()].join(" ");
  });

/** Another form needs a file of its own: TRUNKLINE_WRITE_VERSION=2.2-what-is-new npx --no-install trunkline test test/service/middleware/store/versions */
test("what today's version writes has the form of the last file", async () => {
  const today = { ...(await makeCalls(service)), keys: await readKeys(client) };
  const name = process.env.TRUNKLINE_WRITE_VERSION;
  if (name !== undefined) writeFileSync(join(VERSIONS, `${name}.json`), `${JSON.stringify(today, null, 1)}\n`);
  const last = JSON.parse(readFileSync(join(VERSIONS, files.at(-1) ?? ""), "utf8")) as Keyspace;
  expect([...new Set(shapesOf(today))].sort()).toEqual([...new Set(shapesOf(last))].sort());
});
