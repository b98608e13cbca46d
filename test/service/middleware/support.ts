import { setTimeout as pause } from "node:timers/promises";
import type { CallContext } from "@trunkline/shared";
import type { FastifyInstance } from "fastify";
import { type Logger, pino } from "pino";
import type { RoomView } from "../../../service/middleware/calls/call-state.ts";
import type { CallSettings } from "../../../service/middleware/flows/settings.ts";
import { signatureHeader } from "../../../service/middleware/jambonz/signature.ts";
import type { Verb } from "../../../service/middleware/jambonz/verbs.ts";
import type { CallRooms, LiveRoom, RoomCount } from "../../../service/middleware/livekit/client.ts";
import { RequestTally } from "../../../service/middleware/livekit/request-tally.ts";
import type { AgentView, RoomSight } from "../../../service/middleware/livekit/views.ts";
import { buildServer, type ServerParts } from "../../../service/middleware/server.ts";
import { saidBy } from "../../../service/middleware/speech/settings.ts";
import { Speech } from "../../../service/middleware/speech/speech.ts";
import type { CallStore } from "../../../service/middleware/store/call-store.ts";
import { MemoryStore } from "../../../service/middleware/store/memory-store.ts";

export const SECRET = "wh_secret_of_the_tests";
export const CALLER_SID = "11111111-0000-4000-8000-000000000001";
export const LEG_SID = "22222222-0000-4000-8000-000000000002";

/** LiveKit as these tests need it: it can be slow, broken or without an agent at will, which a real one cannot. */
export class ScriptedRooms implements CallRooms {
  readonly requests = new RequestTally();
  readonly done: string[] = [];
  calls: CallContext[] = [];
  view: RoomView = { agentReady: true, callerPresent: true };
  createMs = 0;
  createError: Error | undefined;
  legErrors: Error[] = [];

  async createCallRoom(call: CallContext): Promise<void> {
    this.done.push("createCallRoom");
    this.calls.push(call);
    await pause(this.createMs);
    if (this.createError) throw this.createError;
  }
  async createStandbyRoom(): Promise<void> {
    this.done.push("createStandbyRoom");
    if (this.createError) throw this.createError;
  }
  async giveRoom(call: CallContext): Promise<void> {
    this.done.push("giveRoom");
    this.calls.push(call);
  }
  agents: AgentView[] = [];
  async lookInto(_callId: string): Promise<RoomSight> {
    return { ...this.view, agents: this.agents };
  }
  async removeLeg(): Promise<void> {
    this.done.push("removeLeg");
  }

  async removeAgent(_callId: string, identity: string): Promise<void> {
    this.done.push(`removeAgent ${identity}`);
    this.agents = this.agents.filter((agent) => agent.identity !== identity);
  }
  async createAgentLeg(): Promise<string> {
    this.done.push("createAgentLeg");
    const error = this.legErrors.shift();
    if (error) throw error;
    return "SCL_1";
  }
  async ensureDispatch(): Promise<boolean> {
    this.done.push("ensureDispatch");
    return true;
  }
  async replaceAgent(): Promise<void> {
    this.done.push("replaceAgent");
  }
  async deleteRoom(_callId: string): Promise<void> {
    this.done.push("deleteRoom");
  }
  counts: RoomCount[] = [];
  async countRooms(callIds: readonly string[]): Promise<RoomCount[]> {
    return this.counts.filter(({ callId }) => callIds.includes(callId));
  }
  liveRooms: LiveRoom[] = [];
  async listCallRooms(): Promise<LiveRoom[]> {
    return this.liveRooms;
  }
  trunk: () => boolean = () => true;
  async hasTrunk(): Promise<boolean> {
    return this.trunk();
  }
  count(action: string): number {
    return this.done.filter((entry) => entry === action).length;
  }
}

export interface Service {
  app: FastifyInstance;
  rooms: ScriptedRooms;
  logged: Record<string, unknown>[];
  /** Sends a signed webhook as jambonz does. */
  hook(path: string, body: object): Promise<Answer>;
  verbs(path: string, body: object): Promise<Verb[]>;
}

export function startService(
  changes: Partial<ServerParts["config"]> = {},
  rooms = new ScriptedRooms(),
  store: CallStore = new MemoryStore(),
): Service {
  const logged: Record<string, unknown>[] = [];
  const app = buildServer({ config: testConfig(changes), store, rooms, log: collecting(logged) });
  const hook = (path: string, body: object) => signedHook(app, path, body);
  return { app, rooms, logged, hook, verbs: async (path, body) => (await hook(path, body)).json() };
}

export function testConfig(changes: Partial<ServerParts["config"]> = {}): ServerParts["config"] {
  return {
    webhookSecrets: [SECRET],
    liveCalls: undefined,
    callEvents: undefined,
    callFlow: "callback",
    carrierHeaders: ["X-Carrier"],
    callLimitSeconds: 3_600,
    mediaTimeoutMs: 180_000,
    standbyRooms: 0,
    calls: testCalls(),
    callsToken: undefined,
    openWithoutToken: true,
    requestsPerSecond: 0,
    proxyHops: 0,
    connectionsPerSource: 0,
    build: "0123456789abcdef",
    livekit: {
      url: "ws://127.0.0.1:1",
      apiKey: "key",
      apiSecret: "secret of the tests",
      outboundTrunkId: "ST_test",
      stackId: "test",
    },
    ...changes,
  };
}

export function testCalls(changes: Partial<CallSettings> = {}): CallSettings {
  return {
    country: undefined,
    flowsByNumber: new Map(),
    isServed: () => true,
    livekitCarrier: "LiveKit-test",
    livekitSipHost: undefined,
    livekitSip: undefined,
    fallback: { kind: "say" },
    speech: testSpeech(),
    unansweredApology: false,
    allowedTargets: [],
    callerIds: new Map(),
    maxConcurrentCalls: 100,
    ...changes,
  };
}

/** With a voice: what is said can be read in the verbs. */
export function testSpeech(announcement = "", entry: Record<string, string> = { vendor: "voices" }): Speech {
  const texts = { announcement, apology: "Please call again later." };
  const said = saidBy({ "*": { language: "en", ...entry } }, texts);
  return new Speech({ said, country: undefined, keys: [SECRET], callLimitSeconds: 3_600 });
}

export function collecting(lines: Record<string, unknown>[]): Logger {
  return pino({ level: "debug" }, { write: (line: string) => void lines.push(JSON.parse(line)) });
}

/** Whatever a route may answer: verbs, calls or an error. A test reads what it expects. */
type Body = Verb[] & {
  error: { code: string; message: string };
  calls: { id: string; state: string; caller: string; timeline: { event: string }[] }[];
};

export interface Answer {
  statusCode: number;
  body: string;
  json(): Body;
  header(name: string): string | null;
}

interface SentRequest {
  method?: "GET" | "POST" | "get" | "post";
  body?: string | Buffer;
  headers?: Record<string, string>;
}

/** A request to the whole service, without a socket. */
export async function send(app: FastifyInstance, path: string, request: SentRequest = {}): Promise<Answer> {
  const { body: payload, ...parts } = request;
  const { statusCode, body, headers } = await app.inject({ url: path, ...parts, ...(payload && { payload }) });
  return { statusCode, body, json: () => JSON.parse(body), header: (name) => headers[name]?.toString() ?? null };
}

/** A webhook as jambonz sends it. */
export async function signedHook(app: FastifyInstance, path: string, body: object): Promise<Answer> {
  const bytes = Buffer.from(JSON.stringify(body));
  return postJson(app, path, bytes, signatureHeader(SECRET, bytes, Date.now() / 1_000));
}

export function postJson(
  app: FastifyInstance,
  path: string,
  body: string | Buffer,
  signature?: string,
): Promise<Answer> {
  const signed = signature === undefined ? {} : { "jambonz-signature": signature };
  return send(app, path, { method: "POST", body, headers: { "content-type": "application/json", ...signed } });
}

/** What jambonz sends when a caller dials. */
export function callerInvite(changes: object = {}): object {
  return {
    call_sid: CALLER_SID,
    direction: "inbound",
    from: "+4930123456",
    to: "+4989654321",
    originating_sip_trunk_name: "schmidtkom",
    sip: { headers: { via: "SIP/2.0/UDP 192.0.2.1", "x-cArRiEr": "north" }, method: "INVITE" },
    ...changes,
  };
}

/** What jambonz sends when LiveKit's leg arrives. */
export function agentInvite(callId: string, changes: object = {}): object {
  return {
    call_sid: LEG_SID,
    direction: "inbound",
    from: "+4930123456",
    to: `call-${callId}`,
    originating_sip_trunk_name: "LiveKit-test",
    sip: { headers: { "X-Call-Id": callId } },
    ...changes,
  };
}

/** Until it is so; fails after 10 s (the longest limit that these tests wait for is shorter). */
export async function eventually(condition: () => boolean | Promise<boolean>, limitMs = 10_000): Promise<void> {
  for (const end = Date.now() + limitMs; ; await pause(20)) {
    if (await condition()) return;
    if (Date.now() > end) throw new Error(`Not within ${limitMs} ms: ${condition}`);
  }
}

/** A call up to the point where LiveKit calls jambonz. */
export async function dialledCall(service: Service): Promise<string> {
  await service.hook("/livekit-api", callerInvite());
  await service.hook("/livekit-api/wait", { call_sid: CALLER_SID });
  await eventually(() => service.rooms.count("createAgentLeg") === 1);
  return service.rooms.calls[0]?.callId ?? "";
}
