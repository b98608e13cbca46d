import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newCallId } from "@trunkline/shared";
import { Redis as RedisClient } from "ioredis";
import { freePort } from "../../../../sandbox/processes/ports.ts";
import { accepts, waitUntilReady } from "../../../../sandbox/processes/ready.ts";
import { Supervisor } from "../../../../sandbox/processes/supervisor.ts";
import { type CallRecord, newRecord } from "../../../../service/middleware/calls/call-record.ts";
import { RedisStore } from "../../../../service/middleware/store/redis-store.ts";
import { DEFAULT_RETENTION } from "../../../../service/middleware/store/retention.ts";
import { collecting } from "../support.ts";

// The smallest plan that Heroku sells: 25 MB, and writes are refused when they are full.
jest.setTimeout(120_000);

const CALLS = 50_000;
const AT_ONCE = 200;
const folder = mkdtempSync(join(tmpdir(), "many-calls-"));
const supervisor = new Supervisor({ folder });
let client: RedisClient;
let store: RedisStore;

beforeAll(async () => {
  const port = await freePort();
  const full = ["--maxmemory", "25mb", "--maxmemory-policy", "noeviction"];
  const args = ["--bind", "127.0.0.1", "--port", String(port), "--save", "", "--dir", folder, ...full];
  const running = await supervisor.start({ name: "redis", command: "redis-server", args });
  await waitUntilReady(running, () => accepts(port));
  const url = `redis://127.0.0.1:${port}`;
  client = new RedisClient(url);
  const retention = { ...DEFAULT_RETENTION, mostEnded: 1_000_000 };
  store = new RedisStore({
    url,
    verifyCertificate: true,
    stackId: "abcdefghijklmnopqrst",
    stack: "prod",
    retention,
    log: collecting([]),
  });
});
afterAll(async () => {
  await store.close();
  client.disconnect();
  await supervisor.stopAll();
  rmSync(folder, { recursive: true, force: true });
});

/** As large as a carrier's call is. */
function call(): CallRecord {
  const callId = newCallId();
  const origin = {
    sipCallId: `${crypto.randomUUID()}@203.0.113.7`,
    jambonzTraceId: crypto.randomUUID().replaceAll("-", ""),
    offeredCodecs: ["PCMA", "PCMU", "G722", "telephone-event"],
  };
  const headers = { "X-Carrier": "north", "P-Asserted-Identity": "<sip:+4930123456@carrier.example>" };
  const context = {
    callId,
    flow: "callback" as const,
    caller: "+4930123456",
    called: "+4989654321",
    carrier: "schmidtkom",
    headers,
  };
  return newRecord({ callSid: crypto.randomUUID(), at: Date.now(), context, origin });
}

const talking = (record: CallRecord): CallRecord => ({
  ...record,
  state: {
    ...record.state,
    phase: "talking",
    agentReady: true,
    legSid: crypto.randomUUID(),
    livekitCallId: "SCL_abcdefgh1234",
  },
  answer: [
    { verb: "enqueue", name: `call-${record.context.callId}`, waitHook: "https://middleware.example/livekit-api/wait" },
  ],
});
const ended = (record: CallRecord): CallRecord => ({
  ...record,
  state: {
    ...record.state,
    ...{ phase: "ended", phaseSince: Date.now(), reason: "completed" },
    agentReport: {
      joinMs: 120,
      readyMs: 180,
      firstAudioMs: 240,
      turns: 9,
      interruptions: 2,
      turnLatencyMs: { mean: 800, longest: 1_900 },
    },
  },
  timeline: [
    ...record.timeline,
    ...(["room.created", "agent.ready", "participant.created", "agent_leg.webhook", "call.ended"] as const).map(
      (event) => ({ event, at: Date.now() }),
    ),
  ],
});

test(`a day of ${CALLS} calls costs no call and no live record: the oldest ended ones make room`, async () => {
  const live = call();
  await store.create(live);
  const ids: string[] = [];
  for (let from = 0; from < CALLS; from += AT_ONCE) {
    const some = Array.from({ length: AT_ONCE }, call);
    const created = await Promise.all(some.map((record) => store.create(record)));
    expect(created.every((one) => one.created)).toBe(true);
    const joined = await Promise.all(some.map((record) => store.update(record.context.callId, talking, record)));
    const over = await Promise.all(joined.map((record) => store.update(record?.context.callId ?? "", ended, record)));
    expect(over.every((record) => record?.state.phase === "ended")).toBe(true);
    ids.push(...some.map(({ context }) => context.callId));
    await store.update(live.context.callId, (record) => ({
      ...record,
      state: { ...record.state, lastDispatchAt: from },
    }));
  }
  await store.check();
  expect((await store.active()).map(({ context }) => context.callId)).toEqual([live.context.callId]);
  const keyspace = "{trunkline:2:abcdefghijklmnopqrst}:";
  const kept = await client.hlen(`${keyspace}ended`);
  const order = (await client.lrange(`${keyspace}ended:order`, 0, -1)).map((entry) => entry.replace(/^\d+:/, ""));
  expect(new Set(order)).toEqual(new Set(ids.slice(-kept))); // the oldest ends have gone
  expect(await client.zcard(`${keyspace}ended:start`)).toBe(kept);
  expect(kept).toBeGreaterThan(20_000); // what docs/OPERATIONS.md promises for a day
  expect(await store.get(ids.at(-1) ?? "")).toMatchObject({ state: { phase: "ended", agentReport: { turns: 9 } } });
});
