import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dispose, type Room } from "@livekit/rtc-node";
import { type CallContext, TIMERS } from "@trunkline/shared";
import type { FastifyInstance } from "fastify";
import { RoomServiceClient, SipClient } from "livekit-server-sdk";
import { Supervisor } from "../../../sandbox/processes/supervisor.ts";
import { type LivekitServer, startLivekitServer } from "../../../sandbox/servers/livekit-server.ts";
import { type LivekitSip, startLivekitSip } from "../../../sandbox/servers/livekit-sip.ts";
import { startRedis } from "../../../sandbox/servers/redis.ts";
import { LiveKitClient } from "../../../service/middleware/livekit/client.ts";
import { buildServer } from "../../../service/middleware/server.ts";
import { MemoryStore } from "../../../service/middleware/store/memory-store.ts";
import { joinAsAgent } from "./agent-participant.ts";
import { answerSip, headerOf, type SipAnswerer } from "./sip-answerer.ts";
import { CALLER_SID, callerInvite, collecting, eventually, send, signedHook, testConfig } from "./support.ts";

// The agent's leg as livekit-sip really sends it, up to the answer; whole conversations are tested with whole calls.
jest.setTimeout(60_000);

const folder = mkdtempSync(join(tmpdir(), "middleware-sip-"));
const supervisor = new Supervisor({ folder });
let livekit: LivekitServer;
let livekitSip: LivekitSip;
let redisPort: number;
let rooms: RoomServiceClient;
let sip: SipClient;
let app: FastifyInstance;
let answerer: SipAnswerer;
let agent: Room;
let callId: string;
let logged: Record<string, unknown>[];

beforeAll(async () => {
  const redis = await startRedis(supervisor);
  redisPort = redis.port;
  livekit = await startLivekitServer(supervisor, { redisPort });
  livekitSip = await startLivekitSip(supervisor, { livekit, redisPort });
  rooms = new RoomServiceClient(livekit.httpUrl, livekit.apiKey, livekit.apiSecret);
  sip = new SipClient(livekit.httpUrl, livekit.apiKey, livekit.apiSecret);
}, 300_000); // the servers may have to be built first

afterAll(async () => {
  await supervisor.stopAll();
  await dispose();
  rmSync(folder, { recursive: true, force: true });
});

afterEach(async () => {
  await agent.disconnect();
  await app.close();
  answerer.close();
});

/** Notes when it asks for the agent's leg. */
class WatchedClient extends LiveKitClient {
  readonly legsAt: number[] = [];

  override createAgentLeg(call: CallContext): Promise<string> {
    this.legsAt.push(Date.now());
    return super.createAgentLeg(call);
  }
}

/** A caller in the queue, the agent in the room; jambonz's side would answer LiveKit's INVITE with that status. */
async function queuedCall(status: Parameters<typeof answerSip>[0]): Promise<WatchedClient> {
  answerer = await answerSip(status);
  const trunk = await sip.createSipOutboundTrunk("sbc", `127.0.0.1:${answerer.port}`, ["+4989654321"], {
    transport: 1,
  });
  const { url, apiKey, apiSecret } = livekit;
  const client = new WatchedClient({
    url,
    apiKey,
    apiSecret,
    outboundTrunkId: trunk.sipTrunkId,
    callLimitSeconds: 3_600,
    stackId: "test",
  });
  logged = [];
  app = buildServer({ config: testConfig(), store: new MemoryStore(), rooms: client, log: collecting(logged) });
  await signedHook(app, "/livekit-api", callerInvite());
  callId = (await send(app, "/livekit-api/calls")).json().calls[0]?.id ?? "";
  agent = await joinAsAgent(livekit, `call-${callId}`);
  await wait();
  return client;
}

async function callAnswered(status: Parameters<typeof answerSip>[0]): Promise<void> {
  await queuedCall(status);
  await eventually(() => answerer.requests.length > 0);
}

const wait = async () => (await signedHook(app, "/livekit-api/wait", { call_sid: CALLER_SID })).json();

describe("the agent's leg", () => {
  test("is an INVITE to the call's own URI, with its id; the caller's number is an attribute of the participant", async () => {
    await callAnswered("180 Ringing");
    expect(answerer.requests[0]).toMatch(new RegExp(`^INVITE sip:call-${callId}@127\\.0\\.0\\.1:${answerer.port}`));
    expect(headerOf(answerer.requests[0] ?? "", "X-Call-Id")).toBe(callId);
    await eventually(() => logged.some((line) => line.msg === "Successfully created SIP participant"));
    const caller = await rooms.getParticipant(`call-${callId}`, `caller-${callId}`);
    expect(caller.attributes).toMatchObject({
      "call.id": callId,
      "sip.phoneNumber": "+4930123456",
      "sip.trunkPhoneNumber": "+4989654321",
      "call.header.x-carrier": "north",
    });
  });

  test("is cancelled when the caller hangs up while it rings", async () => {
    await callAnswered("180 Ringing");
    await signedHook(app, "/livekit-api/status", { call_sid: CALLER_SID, call_status: "completed" });
    await eventually(() => answerer.requests.some((request) => request.startsWith("CANCEL ")));
    await eventually(async () => (await rooms.listRooms([`call-${callId}`])).length === 0);
  });

  test("that is rejected sends the caller to the fallback within seconds", async () => {
    await callAnswered("486 Busy Here");
    await eventually(async () => (await wait())[0]?.verb === "leave", 5_000);
    const left = await signedHook(app, "/livekit-api/queue-left", { call_sid: CALLER_SID, queue_result: "leave" });
    expect(left.json().map((verb) => verb.verb)).toEqual(["say", "hangup"]);
    expect(logged).toContainEqual(
      expect.objectContaining({ event: "call.fallback", reason: "the agent's leg was rejected" }),
    );
  });
});

describe("a livekit-sip without CPU to spare", () => {
  beforeAll(async () => {
    await livekitSip.running.stop();
    await startLivekitSip(supervisor, { livekit, redisPort, maxCpuUtilization: 1e-9 });
  });

  test("is asked three times more, then the caller gets the fallback; nobody was called", async () => {
    const client = await queuedCall("180 Ringing");
    await eventually(async () => (await wait())[0]?.verb === "leave");
    const pauses = client.legsAt.slice(1).map((at, index) => at - (client.legsAt[index] ?? 0));
    expect(pauses).toHaveLength(TIMERS.cpuExhaustedRetriesMs.length);
    for (const [index, ms] of TIMERS.cpuExhaustedRetriesMs.entries())
      expect(pauses[index]).toBeGreaterThanOrEqual(ms - 1);
    await signedHook(app, "/livekit-api/queue-left", { call_sid: CALLER_SID, queue_result: "leave" });
    expect(logged).toContainEqual(
      expect.objectContaining({ event: "call.fallback", reason: expect.stringMatching(/cpu exhausted/) }),
    );
    expect(answerer.requests).toEqual([]);
  });
});
