import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { RoomServiceClient, SipClient } from "livekit-server-sdk";
import { type AgentReport, roomMark, roomName } from "../../service/shared/index.ts";
import { type CallerReport, type PlaceCallOptions, placeCall } from "../callers/sipp-caller.ts";
import { wav } from "../callers/wav.ts";
import { SandboxError } from "../errors.ts";
import type { JambonzEvent } from "../jambonz/events.ts";
import { type Jambonz, startJambonz } from "../jambonz/server.ts";
import { type ModelConversation, Models } from "../models/models.ts";
import { freePorts } from "../processes/ports.ts";
import { type Running, Supervisor } from "../processes/supervisor.ts";
import { type LivekitServer, type LivekitServerOptions, startLivekitServer } from "../servers/livekit-server.ts";
import { type LivekitSip, startLivekitSip } from "../servers/livekit-sip.ts";
import { type Redis, startRedis } from "../servers/redis.ts";
import type { StackOutputs } from "../start/declare.ts";
import { MEDIA, makeDialEntry } from "../start/dial-entry.ts";
import { EventLog, type SeenEvent } from "../start/event-log.ts";
import { startAgent, startMiddleware } from "../start/services.ts";
import type { SandboxState } from "../start/state.ts";
import { findOrBuild } from "../toolchain/binaries.ts";
import { declaredAccount, LIVEKIT_USER } from "./account.ts";
import { HookProxy } from "./hook-proxy.ts";
import { OPERATOR, PRESENTED, withOperator } from "./operator.ts";
import { ownerlessIn, saidIn } from "./said.ts";
import { spokenTone } from "./spoken-tone.ts";

/** The called numbers of the tests: each takes its own flow. */
export const CALLED = { callback: "+4989100", dial: "+4989200" } as const;
export type FlowName = keyof typeof CALLED;
const CALLER = "+4917100001";
const APOLOGY = "Please call later.";
/** What platforms give a process between SIGTERM and SIGKILL. */
const PLATFORM_GRACE_MS = 30_000;
const STACK_ID = "stack-of-the-tests";
const CALLS_TOKEN = "token-of-the-tests";
const CARRIER_HEADERS = ["X-Carrier"];
const JAMBONZ_KEY = "key-of-the-jambonz-account";

/** A call as its caller lived through it, and what the parts of the system saw of it. */
export interface PlacedCall {
  caller: CallerReport;
  events: SeenEvent[];
}

/** The whole system on real servers, without Pulumi: what it would declare is made through LiveKit's API. */
export class System {
  readonly events = new EventLog();
  readonly #folder = mkdtempSync(join(tmpdir(), "calls-"));
  readonly supervisor = new Supervisor({ folder: this.#folder });
  redis!: Redis;
  livekit!: LivekitServer;
  livekitSip!: LivekitSip;
  jambonz!: Jambonz;
  middleware!: Running;
  agent: Running | undefined;
  /** From the first agent with a model on. */
  models: Models | undefined;
  rooms!: RoomServiceClient;
  sip!: SipClient;
  /** Between jambonz and the middleware. */
  hooks!: HookProxy;
  readonly #isProxied: boolean;
  #innerPort = 0;
  #state!: SandboxState;
  readonly #hooks: JambonzEvent[] = [];
  #trunkId = "";
  #environment: Record<string, string> = {};

  /** A tone that is nobody else's: callers tell it from all they hear. */
  get #apologyFile(): string {
    const file = join(this.#folder, "apology.wav");
    if (!existsSync(file)) writeFileSync(file, wav(spokenTone()));
    return file;
  }

  /** @param isProxied default true: `hooks` can delay, repeat and lose webhooks. */
  constructor(isProxied = true) {
    this.#isProxied = isProxied;
  }

  /** Everything but middleware and agent. */
  async startServers(): Promise<void> {
    this.#state = await newState();
    const { ports, livekitApiKey: apiKey, livekitApiSecret: apiSecret } = this.#state;
    if (this.#isProxied) await this.#startProxy();
    await this.startRedis();
    await this.startLivekit();
    await this.startLivekitSip();
    this.jambonz = await startJambonz(this.supervisor, {
      edgeBinary: await findOrBuild("sip-edge"),
      account: withOperator(declaredAccount(this.#state), ports),
      sipPort: ports.sbc,
      rest: { apiKey: JAMBONZ_KEY },
      onEvent: (event) => this.#seen(event),
    });
    this.rooms = new RoomServiceClient(this.livekit.httpUrl, apiKey, apiSecret);
    this.sip = new SipClient(this.livekit.httpUrl, apiKey, apiSecret);
    await this.#declare();
  }

  async #startProxy(): Promise<void> {
    const { middleware } = this.#state.ports;
    [this.#innerPort = 0] = await freePorts(1);
    this.hooks = await HookProxy.start(middleware, this.#innerPort);
  }

  #seen(event: JambonzEvent): void {
    const { type, at, callSid, sipCallId, ...fields } = event;
    if (type === "hook.answered") this.#hooks.push(event);
    this.events.add({ at, source: "jambonz", event: type, callSid, sipCallId, fields });
  }

  /** Its data outlives a kill, as that of a managed Redis does. */
  async startRedis(): Promise<void> {
    const { redis: port } = this.#state.ports;
    this.redis = await startRedis(this.supervisor, { port, folder: join(this.#folder, "redis") });
  }

  async startLivekitSip(): Promise<void> {
    const { redis: redisPort, livekitSip: sipPort } = this.#state.ports;
    this.livekitSip = await startLivekitSip(this.supervisor, { livekit: this.livekit, redisPort, sipPort });
  }

  async startLivekit(more: Pick<LivekitServerOptions, "signalRetry"> = {}): Promise<void> {
    const { ports, livekitApiKey: apiKey, livekitApiSecret: apiSecret } = this.#state;
    const options = { redisPort: ports.redis, port: ports.livekit, apiKey, apiSecret, ...more };
    this.livekit = await startLivekitServer(this.supervisor, options);
  }

  async #declare(): Promise<void> {
    const { livekit, jambonz } = this;
    const { sipPassword: password } = this.#state;
    const trunk = await this.sip.createSipOutboundTrunk("sbc", jambonz.sipAddress, [PRESENTED], {
      authUsername: LIVEKIT_USER,
      authPassword: password,
      transport: 1,
      ...(MEDIA && { media: MEDIA }),
    });
    this.#trunkId = trunk.sipTrunkId;
    await makeDialEntry(livekit, { username: LIVEKIT_USER, password, carrierHeaders: CARRIER_HEADERS });
  }

  /** Starts the middleware, or starts it anew with other settings. */
  async startMiddleware(environment: Record<string, string> = {}): Promise<void> {
    this.#environment = environment;
    if (this.middleware) await this.middleware.stop("SIGTERM", PLATFORM_GRACE_MS);
    const ports = { ...this.#state.ports, ...(this.#isProxied && { middleware: this.#innerPort }) };
    const inner = { ...this.#state, ports };
    this.middleware = await startMiddleware(this.supervisor, this.#outputs(), inner, this.events);
  }

  /** Starts a further instance of the middleware, with settings of its own; returns its address. */
  async startOtherMiddleware(environment: Record<string, string>): Promise<string> {
    const [middleware = 0] = await freePorts(1);
    const state = { ...this.#state, ports: { ...this.#state.ports, middleware } };
    await startMiddleware(this.supervisor, this.#outputs({}, environment), state, this.events);
    return `http://127.0.0.1:${middleware}`;
  }

  /** Starts an agent, also beside one that is there; `agent` is the last. */
  async startAgent(environment: Record<string, string> = {}): Promise<void> {
    this.agent = await startAgent(this.supervisor, this.#outputs(environment), this.events);
  }

  /** The same, with a conversation that needs models: stand-ins are started for them. It logs all that it can: `stop` looks for what was said. */
  async startModelAgent(conversation: ModelConversation, environment: Record<string, string> = {}): Promise<Models> {
    this.models ??= await Models.start();
    await this.startAgent({ LOG_LEVEL: "trace", ...this.models.environment(conversation), ...environment });
    return this.models;
  }

  /** Ends the agent's processes at once, without a farewell. */
  async killAgent(): Promise<void> {
    await this.agent?.stop("SIGKILL");
    this.agent = undefined;
  }

  get redisUrl(): string {
    return this.redis.url;
  }

  get middlewareUrl(): string {
    return `http://127.0.0.1:${this.#state.ports.middleware}`;
  }

  /** Calls the number of a flow; without further options the caller hangs up after 4 s. */
  async call(flow: FlowName, options: Partial<PlaceCallOptions> = {}): Promise<PlacedCall> {
    const caller = await placeCall(this.supervisor, {
      target: this.jambonz.sipAddress,
      folder: join(this.#folder, "callers"),
      from: CALLER,
      to: CALLED[flow],
      toneHz: 1_234,
      holdMs: 4_000,
      timeoutMs: 25_000,
      headers: { "X-Carrier": "north" },
      ...options,
    });
    await pause(400); // the services' last lines may arrive just after the caller has hung up
    return { caller, events: this.events.ofCall(caller.sipCallId) };
  }

  /** Every webhook that was answered with anything but 200, and every one that was not answered. */
  refusedHooks(): JambonzEvent[] {
    return this.#hooks.filter(({ status }) => status !== 200);
  }

  /**
   * Waits until no call is left, no room but those that wait for a call, and no connection to a model: that one is paid for. Tells what was
   * left when time was up.
   */
  async leftovers(limitMs = 8_000): Promise<{ rooms: string[]; calls: unknown[]; legs: number; sockets?: number }> {
    for (const end = performance.now() + limitMs; ; await pause(200)) {
      const left = { rooms: await this.callRooms(), calls: await this.activeCalls(), legs: this.jambonz.liveLegs() };
      const sockets = this.models?.openSockets ?? 0;
      if (sockets > 0) Object.assign(left, { sockets });
      if (left.rooms.length + left.calls.length + left.legs + sockets === 0 || performance.now() > end) return left;
    }
  }

  /** Names of the rooms of this system's calls: by their mark, or, if an agent that was late has opened one again, by a call that was seen. */
  async callRooms(): Promise<string[]> {
    const isSeen = (name: string) => this.events.find(({ callId = "" }) => roomName(callId) === name) !== undefined;
    const rooms = await this.rooms.listRooms();
    const own = rooms.filter(({ name, metadata }) => {
      const { stack, isStandby } = roomMark(metadata);
      return !isStandby && (stack === undefined ? isSeen(name) : stack === STACK_ID);
    });
    return own.map(({ name }) => name);
  }

  async activeCalls(): Promise<{ id: string; state: string }[]> {
    const { calls } = await this.#askMiddleware<{ calls: { id: string; state: string }[] }>("?limit=200");
    return calls.filter(({ state }) => state !== "ended");
  }

  /** What the middleware tells Prometheus. */
  async metrics(): Promise<string> {
    const headers = { authorization: `Bearer ${CALLS_TOKEN}` };
    return (await fetch(`${this.middlewareUrl}/metrics`, { headers })).text();
  }

  /** A call as the middleware shows it. */
  callRecord(callId: string): Promise<{ agent: { report?: AgentReport }; reason?: string }> {
    return this.#askMiddleware(`/${callId}`);
  }

  async #askMiddleware<T>(what: string): Promise<T> {
    const headers = { authorization: `Bearer ${CALLS_TOKEN}` };
    const answer = await fetch(`${this.middlewareUrl}/livekit-api/calls${what}`, { headers });
    return (await answer.json()) as T;
  }

  async stop(): Promise<void> {
    await this.jambonz?.stop();
    await this.supervisor.stopAll();
    await this.models?.stop();
    if (this.#isProxied) await this.hooks?.stop();
    const told = [...saidIn(join(this.#folder, "logs")), ...ownerlessIn(join(this.#folder, "logs"))];
    rmSync(this.#folder, { recursive: true, force: true });
    if (told.length > 0)
      throw new SandboxError("SAID_IN_LOG", "a log holds what was said in a call", told.slice(0, 20).join("\n"));
  }

  #outputs(agent: Record<string, string> = {}, more = this.#environment): StackOutputs {
    const { url: LIVEKIT_URL, apiKey: LIVEKIT_API_KEY, apiSecret: LIVEKIT_API_SECRET } = this.livekit;
    const livekit = { LIVEKIT_URL, LIVEKIT_API_KEY, LIVEKIT_API_SECRET };
    const middleware = {
      ...livekit,
      LIVEKIT_OUTBOUND_TRUNK_ID: this.#trunkId,
      JAMBONZ_WEBHOOK_SECRETS: this.#state.webhookSecret,
      ...(this.jambonz.apiUrl && { JAMBONZ_API_URL: this.jambonz.apiUrl, JAMBONZ_API_KEY: JAMBONZ_KEY }),
      // Most tests judge what is heard without it: RESCUE=true is for the others.
      RESCUE: "false",
      TRUNKLINE_STACK: "local",
      TRUNKLINE_STACK_ID: STACK_ID,
      CALLS_TOKEN,
      CALL_FLOWS: JSON.stringify({ [CALLED.dial]: "dial" }),
      // jambonz does not know it: a dial that took a carrier would end at the operator's.
      LIVEKIT_CARRIER: "LiveKit-of-another-stack",
      LIVEKIT_SIP_HOST: `127.0.0.1:${this.#state.ports.livekitSip}`,
      LIVEKIT_SIP_USERNAME: LIVEKIT_USER,
      LIVEKIT_SIP_PASSWORD: this.#state.sipPassword,
      CARRIER_HEADERS: CARRIER_HEADERS.join(","),
      ANNOUNCEMENT: "",
      FALLBACK_TEXT: APOLOGY,
      SPEECH: JSON.stringify({ "*": { apologyFile: this.#apologyFile } }),
      ALLOWED_TARGETS: OPERATOR,
      CALLER_IDS: JSON.stringify({ "*": PRESENTED }),
      ...more,
    };
    const services = {
      middleware,
      agent: { ...livekit, MIDDLEWARE_URL: this.middlewareUrl, AGENT_CONVERSATION: "echo", ...agent },
    };
    return { services } as unknown as StackOutputs;
  }
}

async function newState(): Promise<SandboxState> {
  const [redis = 0, livekit = 0, livekitSip = 0, sbc = 0, middleware = 0] = await freePorts(5);
  return {
    ports: { redis, livekit, livekitSip, sbc, middleware },
    livekitApiKey: `API${randomBytes(6).toString("hex")}`,
    livekitApiSecret: randomBytes(32).toString("hex"),
    sipPassword: randomBytes(18).toString("base64url"),
    webhookSecret: `wh_secret_${randomBytes(18).toString("base64url")}`,
    legacy: { inboundTrunkIds: [], dispatchRuleIds: [] },
  };
}
