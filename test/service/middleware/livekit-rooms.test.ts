import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AgentDispatchClient, RoomServiceClient, SipClient, TokenVerifier } from "livekit-server-sdk";
import { Supervisor } from "../../../sandbox/processes/supervisor.ts";
import { forgetLivekitNodes } from "../../../sandbox/servers/livekit-nodes.ts";
import { type LivekitServer, startLivekitServer } from "../../../sandbox/servers/livekit-server.ts";
import { type Redis, startRedis } from "../../../sandbox/servers/redis.ts";
import { Janitor } from "../../../service/middleware/calls/janitor.ts";
import { LiveKitClient } from "../../../service/middleware/livekit/client.ts";
import { MemoryStore } from "../../../service/middleware/store/memory-store.ts";
import { collecting } from "./support.ts";

// What is asked of a real livekit-server beside calls: its rooms, its trunk; and with which rights.
jest.setTimeout(60_000);

const ID = "a-call-id-of-20-chars";
const STACK = "stack-of-the-tests";
const context = { callId: ID, flow: "callback" as const, caller: "anonymous", called: "1", headers: {} };
const folder = mkdtempSync(join(tmpdir(), "middleware-rooms-"));
const supervisor = new Supervisor({ folder });
let redis: Redis;
let livekit: LivekitServer;
let rooms: RoomServiceClient;

beforeAll(async () => {
  redis = await startRedis(supervisor);
  livekit = await startLivekitServer(supervisor, { redisPort: redis.port });
  rooms = new RoomServiceClient(livekit.httpUrl, livekit.apiKey, livekit.apiSecret);
}, 300_000);
afterAll(async () => {
  await supervisor.stopAll();
  rmSync(folder, { recursive: true, force: true });
});
afterEach(async () => {
  for (const { name } of await rooms.listRooms()) await rooms.deleteRoom(name);
});

function client(changes: Partial<ConstructorParameters<typeof LiveKitClient>[0]> = {}): LiveKitClient {
  const { url, apiKey, apiSecret } = livekit;
  const settings = { url, apiKey, apiSecret, outboundTrunkId: "ST_none", callLimitSeconds: 3_600, stackId: STACK };
  return new LiveKitClient({ ...settings, ...changes });
}

test("the trunk is found by its id; another id is not; a wrong key is an error", async () => {
  const sip = new SipClient(livekit.httpUrl, livekit.apiKey, livekit.apiSecret);
  const { sipTrunkId } = await sip.createSipOutboundTrunk("sbc", "127.0.0.1:5060", ["+4989654321"]);
  expect(await client({ outboundTrunkId: sipTrunkId }).hasTrunk()).toBe(true);
  expect(await client({ outboundTrunkId: "ST_other" }).hasTrunk()).toBe(false);
  await expect(client({ apiSecret: "not the secret of this server, really" }).hasTrunk()).rejects.toThrow();
});

test("a call that comes while LiveKit knows of none of its servers, as after a restart of its Redis, gets its room", async () => {
  await forgetLivekitNodes(redis.port);
  await client().createCallRoom(context);
  expect((await client().listCallRooms()).map((room) => room.callId)).toEqual([ID]);
});

test("the janitor removes the room of a call that nobody knows any more, and no other", async () => {
  await client().createCallRoom(context);
  await rooms.createRoom({ name: "somebody-elses" });
  expect(await client().listCallRooms()).toEqual([
    { callId: ID, createdAt: expect.any(Number), isStandby: false, isMarked: true },
  ]);
  const end = async () => undefined;
  const parts = { store: new MemoryStore(), rooms: client(), end, log: collecting([]) };
  const janitor = new Janitor({ ...parts, callLimitSeconds: 3_600, fallbackDials: false });
  await janitor.reconcile();
  expect(await rooms.listRooms()).toHaveLength(2);
  await janitor.reconcile(Date.now() + 150_000);
  expect((await rooms.listRooms()).map(({ name }) => name)).toEqual(["somebody-elses"]);
});

test.each([
  ["a while ago", '{"code":"unknown","msg":"could not find object"}'],
  ["just now: nobody answers for it", undefined],
])("a room whose server was killed %s is made anew, so that it can be deleted", async (_when, answer) => {
  const requests: string[] = [];
  const orphaning = createServer((request, response) => {
    const method = request.url?.split("/").at(-1) ?? "";
    requests.push(method);
    const isOrphan = method === "DeleteRoom" && !requests.includes("CreateRoom");
    if (isOrphan && answer === undefined) return;
    response.writeHead(isOrphan ? 500 : 200, { "content-type": "application/json" });
    response.end(isOrphan ? answer : `{"name":"call-${ID}"}`);
  });
  await new Promise<void>((resolve) => orphaning.listen(0, "127.0.0.1", resolve));
  await client({ url: `http://127.0.0.1:${(orphaning.address() as AddressInfo).port}` }).deleteRoom(ID);
  expect(requests).toEqual(["DeleteRoom", "CreateRoom", "DeleteRoom"]);
  orphaning.closeAllConnections();
  orphaning.close();
});

describe("a room that was made ahead of its call", () => {
  const dispatches = () =>
    new AgentDispatchClient(livekit.httpUrl, livekit.apiKey, livekit.apiSecret).listDispatch(`call-${ID}`);

  test("is given to its call by its metadata; the agent that is missing is sent for", async () => {
    await client().createStandbyRoom(ID);
    expect(await client().listCallRooms()).toMatchObject([{ callId: ID, isStandby: true }]);
    await client().giveRoom(context);
    expect(await client().listCallRooms()).toMatchObject([{ callId: ID, isStandby: false }]);
    const [room] = await rooms.listRooms();
    expect(JSON.parse(room?.metadata ?? "")).toEqual({ ...context, stack: STACK });
    expect((await dispatches()).map(({ metadata }) => JSON.parse(metadata))).toEqual([context]);
  });

  test("is made anew with its agent when it has gone meanwhile", async () => {
    await client().giveRoom(context);
    expect(await client().listCallRooms()).toMatchObject([{ callId: ID }]);
    expect((await dispatches()).map(({ metadata }) => JSON.parse(metadata))).toEqual([context]);
  });
});

describe("the token of each request", () => {
  let recorder: Server;
  const tokens: string[] = [];

  beforeAll(async () => {
    recorder = createServer((request, response) => {
      tokens.push(request.headers.authorization?.replace("Bearer ", "") ?? "");
      response.setHeader("content-type", "application/json").end("{}");
    });
    await new Promise<void>((resolve) => recorder.listen(0, "127.0.0.1", resolve));
  });
  afterAll(() => void recorder.close());

  test.each<[string, (rooms: LiveKitClient) => Promise<unknown>, object]>([
    ["making a room", (one) => one.createCallRoom(context), { video: { roomCreate: true } }],
    ["making one ahead of its call", (one) => one.createStandbyRoom(ID), { video: { roomCreate: true } }],
    ["giving it to its call", (one) => one.giveRoom(context), { video: { roomAdmin: true, room: `call-${ID}` } }],
    ["looking into it", (one) => one.lookInto(ID), { video: { roomAdmin: true, room: `call-${ID}` } }],
    ["dispatching", (one) => one.ensureDispatch(context), { video: { roomAdmin: true, room: `call-${ID}` } }],
    ["calling jambonz", (one) => one.createAgentLeg(context), { sip: { call: true } }],
    ["listing rooms", (one) => one.listCallRooms(), { video: { roomList: true } }],
    ["reading the trunk", (one) => one.hasTrunk(), { sip: { admin: true } }],
  ])("for %s grants that and nothing else", async (_what, work, grants) => {
    tokens.length = 0;
    const { port } = recorder.address() as AddressInfo;
    await work(client({ url: `http://127.0.0.1:${port}` })).catch(() => undefined);
    const verifier = new TokenVerifier(livekit.apiKey, livekit.apiSecret);
    expect(tokens.length).toBeGreaterThan(0);
    for (const token of tokens) {
      const { video = {}, sip = {}, exp = 0, nbf = 0 } = await verifier.verify(token);
      expect({ video, sip }).toEqual({ video: {}, sip: {}, ...grants });
      expect(Number(exp) - Number(nbf)).toBeLessThanOrEqual(600);
    }
  });
});
