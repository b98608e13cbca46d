import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dispose } from "@livekit/rtc-node";
import { Redis } from "ioredis";
import { RoomServiceClient } from "livekit-server-sdk";
import { Supervisor } from "../../../sandbox/processes/supervisor.ts";
import { type LivekitServer, startLivekitServer } from "../../../sandbox/servers/livekit-server.ts";
import { type Redis as RedisServer, startRedis } from "../../../sandbox/servers/redis.ts";
import { Janitor } from "../../../service/middleware/calls/janitor.ts";
import { LiveKitClient } from "../../../service/middleware/livekit/client.ts";
import { RedisStore } from "../../../service/middleware/store/redis-store.ts";
import { joinAsLeg } from "./agent-participant.ts";
import { record } from "./store/store-contract.ts";
import { collecting } from "./support.ts";

// Two stacks and another application in one LiveKit project, the stacks in one Redis too; all of it real.
jest.setTimeout(60_000);

const MINUTE = 60_000;
const folder = mkdtempSync(join(tmpdir(), "two-stacks-"));
const supervisor = new Supervisor({ folder });
let redis: RedisServer;
let livekit: LivekitServer;
let rooms: RoomServiceClient;
let short: Stack;
let long: Stack;

beforeAll(async () => {
  redis = await startRedis(supervisor);
  livekit = await startLivekitServer(supervisor, { redisPort: redis.port });
  rooms = new RoomServiceClient(livekit.httpUrl, livekit.apiKey, livekit.apiSecret);
  short = new Stack("stack-short", 60);
  long = new Stack("stack-long", 3_600);
}, 300_000);
afterAll(async () => {
  await Promise.all([short.store.close(), long.store.close()]);
  await supervisor.stopAll();
  await dispose();
  rmSync(folder, { recursive: true, force: true });
});
afterEach(async () => {
  for (const { name } of await rooms.listRooms()) await rooms.deleteRoom(name);
});

/** A middleware, reduced to what looks at rooms of itself. */
class Stack {
  readonly store: RedisStore;
  readonly rooms: LiveKitClient;
  readonly janitor: Janitor;
  /** Calls that its janitor has closed. */
  readonly closed: string[] = [];

  constructor(stackId: string, callLimitSeconds: number) {
    const { url, apiKey, apiSecret } = livekit;
    const log = collecting([]);
    this.store = new RedisStore({ url: redis.url, verifyCertificate: true, stackId, stack: "prod", log });
    this.rooms = new LiveKitClient({ url, apiKey, apiSecret, outboundTrunkId: "ST_none", callLimitSeconds, stackId });
    const end = async (callId: string) => void this.closed.push(callId);
    const { store, rooms } = this;
    this.janitor = new Janitor({ store, rooms, end, callLimitSeconds, fallbackDials: false, log });
  }

  /** A call with its caller in the room. */
  async call(callId: string): Promise<void> {
    const call = record(callId);
    await this.store.create(call);
    await this.store.update(callId, (known) => ({
      ...known,
      state: { ...known.state, phase: "talking", phaseSince: Date.now() },
    }));
    await this.rooms.createCallRoom(call.context);
    await joinAsLeg(livekit, `call-${callId}`);
  }
}

const names = async () => (await rooms.listRooms()).map(({ name }) => name).sort();
const callId = (name: string) => `${name}-of-20-characters`;

test("neither stack lists, closes or removes what belongs to the other, or to another application", async () => {
  await short.call(callId("short"));
  await long.call(callId("long"));
  await joinAsLeg(livekit, "call-foo");
  await joinAsLeg(livekit, `call-${callId("foreign")}`);
  const all = [`call-${callId("foreign")}`, "call-foo", `call-${callId("long")}`, `call-${callId("short")}`].sort();
  expect((await short.rooms.listCallRooms()).filter(({ isMarked }) => isMarked)).toMatchObject([
    { callId: callId("short") },
  ]);
  expect((await long.rooms.listCallRooms()).filter(({ isMarked }) => isMarked)).toMatchObject([
    { callId: callId("long") },
  ]);
  for (const minutes of [0, 1, 3, 50]) {
    const now = Date.now() + minutes * MINUTE;
    await Promise.all([short.janitor.reconcile(now), long.janitor.reconcile(now)]);
  }
  expect(await names()).toEqual(all);
  expect([...new Set(short.closed)]).toEqual([callId("short")]); // its own limit has passed, not the other's
  expect(long.closed).toEqual([]);
});

test("each removes what it has lost itself: its records are gone, its limit has passed", async () => {
  await short.call(callId("lost-short"));
  await long.call(callId("lost-long"));
  await joinAsLeg(livekit, "call-foo");
  await long.rooms.createStandbyRoom(callId("standby"));
  await loseRecords();
  const now = Date.now() + 5 * MINUTE;
  await Promise.all([short.janitor.reconcile(now), long.janitor.reconcile(now)]);
  expect(await names()).toEqual(["call-foo", `call-${callId("lost-long")}`, `call-${callId("standby")}`].sort());
  await Promise.all([short.janitor.reconcile(now + 60 * MINUTE), long.janitor.reconcile(now + 60 * MINUTE)]);
  expect(await names()).toEqual(["call-foo"]);
});

/** As a Redis that was emptied. */
async function loseRecords(): Promise<void> {
  const client = new Redis(redis.url);
  await client.del(await client.keys("{trunkline:*"));
  client.disconnect();
}
