import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dispose } from "@livekit/rtc-node";
import { AGENT_NAME, callContextSchema } from "@trunkline/shared";
import type { FastifyInstance } from "fastify";
import { AgentDispatchClient, RoomServiceClient } from "livekit-server-sdk";
import { Supervisor } from "../../../sandbox/processes/supervisor.ts";
import { type LivekitServer, startLivekitServer } from "../../../sandbox/servers/livekit-server.ts";
import { startRedis } from "../../../sandbox/servers/redis.ts";
import { LiveKitClient } from "../../../service/middleware/livekit/client.ts";
import { buildServer } from "../../../service/middleware/server.ts";
import { MemoryStore } from "../../../service/middleware/store/memory-store.ts";
import { joinAsAgent, joinAsLeg } from "./agent-participant.ts";
import { CALLER_SID, callerInvite, collecting, eventually, send, signedHook, testConfig } from "./support.ts";

// The middleware against a real livekit-server. Without livekit-sip: what needs a SIP leg is tested with whole calls.
jest.setTimeout(60_000);

const folder = mkdtempSync(join(tmpdir(), "middleware-livekit-"));
const supervisor = new Supervisor({ folder });
let livekit: LivekitServer;
let rooms: RoomServiceClient;
let dispatches: AgentDispatchClient;
let client: LiveKitClient;
let app: FastifyInstance;
let logged: Record<string, unknown>[];

beforeAll(async () => {
  const redis = await startRedis(supervisor);
  livekit = await startLivekitServer(supervisor, { redisPort: redis.port });
  rooms = new RoomServiceClient(livekit.httpUrl, livekit.apiKey, livekit.apiSecret);
  dispatches = new AgentDispatchClient(livekit.httpUrl, livekit.apiKey, livekit.apiSecret);
}, 300_000); // the servers may have to be built first

afterAll(async () => {
  await supervisor.stopAll();
  await dispose();
  rmSync(folder, { recursive: true, force: true });
});

beforeEach(() => {
  logged = [];
  client = clientWith(livekit.apiSecret);
  app = serverWith(client);
});

afterEach(async () => {
  await app.close();
  for (const room of await rooms.listRooms()) await rooms.deleteRoom(room.name);
});

function clientWith(apiSecret: string): LiveKitClient {
  const { url, apiKey } = livekit;
  return new LiveKitClient({
    url,
    apiKey,
    apiSecret,
    outboundTrunkId: "ST_none",
    callLimitSeconds: 3_600,
    stackId: "own",
  });
}

function serverWith(callRooms: LiveKitClient): FastifyInstance {
  return buildServer({ config: testConfig(), store: new MemoryStore(), rooms: callRooms, log: collecting(logged) });
}

async function openCall(): Promise<{ callId: string; room: string }> {
  await signedHook(app, "/livekit-api", callerInvite());
  const callId = (await send(app, "/livekit-api/calls")).json().calls[0]?.id ?? "";
  return { callId, room: `call-${callId}` };
}

const status = (call_status: string) => signedHook(app, "/livekit-api/status", { call_sid: CALLER_SID, call_status });

describe("a call on a real LiveKit", () => {
  test("gets its room, for one caller, with the agent dispatched and told about the call", async () => {
    const { callId, room } = await openCall();
    expect(await rooms.listRooms()).toMatchObject([
      { name: room, maxParticipants: 1, emptyTimeout: 60, departureTimeout: 5 },
    ]);
    const [dispatch, ...more] = await dispatches.listDispatch(room);
    expect(more).toEqual([]);
    expect(dispatch).toMatchObject({ agentName: AGENT_NAME, room });
    const context = callContextSchema.parse(JSON.parse(dispatch?.metadata ?? ""));
    expect(context).toMatchObject({ callId, caller: "+4930123456", carrier: "schmidtkom" });
  });

  test("has one room for five webhooks at once", async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => signedHook(app, "/livekit-api", callerInvite())));
    expect(new Set(answers.map((answer) => answer.body)).size).toBe(1);
    const live = await rooms.listRooms();
    expect(live).toHaveLength(1);
    expect(answers[0]?.json()[0]).toMatchObject({ verb: "enqueue", name: live[0]?.name });
  });

  test("has no room any more when the caller hangs up", async () => {
    await openCall();
    await status("completed");
    await eventually(async () => (await rooms.listRooms()).length === 0);
    expect(logged).toContainEqual(expect.objectContaining({ event: "call.ended" }));
  });

  test("sees the agent once its audio track is there", async () => {
    const { callId, room } = await openCall();
    expect(await client.lookInto(callId)).toMatchObject({ agentReady: false, callerPresent: false, agents: [] });
    const agent = await joinAsAgent(livekit, room);
    await eventually(() => logged.some((line) => line.event === "agent.ready" && line.callId === callId));
    expect(await client.lookInto(callId)).toMatchObject({
      agentReady: true,
      callerPresent: false,
      agents: [{ identity: "agent", ready: true }],
    });
    await client.removeAgent(callId, "agent");
    await client.removeAgent(callId, "nobody");
    expect((await client.lookInto(callId)).agents).toEqual([]);
    await agent.disconnect();
  });

  test("ends the leg and leaves the agent to go by itself", async () => {
    const { callId, room } = await openCall();
    const [agent, leg] = await Promise.all([joinAsAgent(livekit, room), joinAsLeg(livekit, room)]);
    const call = { callId, flow: "dial" } as const; // LiveKit has chosen its identity
    await client.removeLeg(call);
    await client.removeLeg(call); // no leg is no error
    expect(await client.lookInto(callId)).toMatchObject({ callerPresent: false, agentReady: true });
    await Promise.all([agent.disconnect(), leg.disconnect()]);
  });

  test("replaces a dispatch that no worker took, so that there is one again", async () => {
    const { callId, room } = await openCall();
    const [lost] = await dispatches.listDispatch(room);
    const context = { callId, flow: "callback" as const, caller: "anonymous", called: "1", headers: {} };
    expect(await client.ensureDispatch(context)).toBe(true);
    const now = await dispatches.listDispatch(room);
    expect(now).toHaveLength(1);
    expect(now[0]?.id).not.toBe(lost?.id);
  });
});

describe("what LiveKit refuses", () => {
  test("a wrong key: the caller gets the fallback at once, and the log says why", async () => {
    await app.close();
    app = serverWith(clientWith("not the secret of this server, really"));
    const answer = await signedHook(app, "/livekit-api", callerInvite());
    expect(answer.json().map((verb) => verb.verb)).toEqual(["say", "hangup"]);
    expect(logged).toContainEqual(
      expect.objectContaining({ event: "call.fallback", reason: expect.stringMatching(/invalid|unauth/i) }),
    );
  });

  test("a room that is not there may be deleted, and looks empty", async () => {
    await expect(client.deleteRoom("nobody")).resolves.toBeUndefined();
    for (const flow of ["callback", "dial"] as const)
      await expect(client.removeLeg({ callId: "nobody", flow })).resolves.toBeUndefined();
    await expect(client.countRooms(["nobody"])).resolves.toEqual([]);
    await expect(client.lookInto("nobody")).resolves.toEqual({
      agents: [],
      agentReady: false,
      callerPresent: false,
      callerActive: false,
      isEmpty: true,
    });
  });
});
