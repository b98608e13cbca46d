import { randomBytes, randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SipClient } from "livekit-server-sdk";
import { type CallerReport, placeCall } from "../../sandbox/callers/sipp-caller.ts";
import { type Account, emptyAccount } from "../../sandbox/jambonz/account.ts";
import type { JambonzEvent } from "../../sandbox/jambonz/events.ts";
import { type Jambonz, startJambonz } from "../../sandbox/jambonz/server.ts";
import { freePorts } from "../../sandbox/processes/ports.ts";
import { type Running, Supervisor } from "../../sandbox/processes/supervisor.ts";
import { type LivekitServer, startLivekitServer } from "../../sandbox/servers/livekit-server.ts";
import { startLivekitSip } from "../../sandbox/servers/livekit-sip.ts";
import { startRedis } from "../../sandbox/servers/redis.ts";
import type { StackOutputs } from "../../sandbox/start/declare.ts";
import { EventLog } from "../../sandbox/start/event-log.ts";
import { startAgent, startMiddleware } from "../../sandbox/start/services.ts";
import type { SandboxState } from "../../sandbox/start/state.ts";
import { findOrBuild } from "../../sandbox/toolchain/binaries.ts";
import { createStack, must, type Stack } from "../engine/stack.ts";

const CALLER = "+4915112345678";
/** The presented number of the stack `local`. */
const CALLED = "+493012345678";
const TONE_HZ = 1_234;

/** The whole system, with the real engine to declare it: nothing is in LiveKit and Jambonz but what a test puts there, or `up` does. */
export class DeclaredSystem {
  readonly events = new EventLog();
  readonly seen: JambonzEvent[] = [];
  readonly account: Account = emptyAccount();
  readonly #folder = mkdtempSync(join(tmpdir(), "declared-"));
  readonly #supervisor = new Supervisor({ folder: this.#folder });
  readonly #apiKey = randomUUID();
  livekit!: LivekitServer;
  sip!: SipClient;
  #jambonz!: Jambonz;
  #stack!: Stack;
  #ports!: SandboxState["ports"];
  #middleware: Running | undefined;

  async start(): Promise<void> {
    const [redis = 0, livekit = 0, livekitSip = 0, sbc = 0, middleware = 0] = await freePorts(5);
    this.#ports = { redis, livekit, livekitSip, sbc, middleware };
    await startRedis(this.#supervisor, { port: redis });
    this.livekit = await startLivekitServer(this.#supervisor, { redisPort: redis, port: livekit });
    await startLivekitSip(this.#supervisor, { livekit: this.livekit, redisPort: redis, sipPort: livekitSip });
    this.#jambonz = await startJambonz(this.#supervisor, {
      edgeBinary: await findOrBuild("sip-edge"),
      account: this.account,
      sipPort: sbc,
      rest: { apiKey: this.#apiKey },
      onEvent: (event) => this.seen.push(event),
    });
    this.sip = new SipClient(this.livekit.httpUrl, this.livekit.apiKey, this.livekit.apiSecret);
    this.#stack = await createStack("local", {
      ...this.keys,
      JAMBONZ_API_KEY: this.#apiKey,
      JAMBONZ_API_URL: undefined,
    });
    await startAgent(
      this.#supervisor,
      { services: { agent: this.#agentVariables() } } as unknown as StackOutputs,
      this.events,
    );
  }

  get keys() {
    return { LIVEKIT_API_KEY: this.livekit.apiKey, LIVEKIT_API_SECRET: this.livekit.apiSecret };
  }

  get middlewareUrl(): string {
    return `http://127.0.0.1:${this.#ports.middleware}`;
  }

  get livekitSipHost(): string {
    return `127.0.0.1:${this.#ports.livekitSip}`;
  }

  /** Makes a row in Jambonz as somebody in the portal does; returns its sid. */
  async inJambonz(kind: string, body: object): Promise<string> {
    const headers = { authorization: `Bearer ${this.#apiKey}`, "content-type": "application/json" };
    const answer = await fetch(`${this.#jambonz.apiUrl}/v1/${kind}`, {
      method: "POST",
      headers,
      body: JSON.stringify(body),
    });
    return ((await answer.json()) as { sid: string }).sid;
  }

  /** `pulumi up` with these settings of Jambonz and these beside them. */
  async up(jambonz: object, more: object): Promise<void> {
    this.#stack.settings({
      livekitUrl: this.livekit.url,
      sbcAddress: this.#jambonz.sipAddress,
      sipTransport: "udp",
      ...more,
      jambonz: {
        url: this.#jambonz.apiUrl,
        middlewareUrl: this.middlewareUrl,
        livekitSipHost: this.livekitSipHost,
        phoneCarrier: { trunkType: "static_ip", inboundAddresses: ["127.0.0.1"], leadingPlus: false },
        ...jambonz,
      },
    });
    await must(this.#stack.pulumi(["up", "--yes", "--skip-preview"], { TRUNKLINE_WORK_FOLDER: this.#folder }));
  }

  /** The middleware as the stack says, or, before there is one, as an older deployment was. */
  async startMiddleware(variables?: Record<string, string>): Promise<void> {
    await this.#middleware?.stop();
    const middleware = variables ? { ...this.#livekitVariables(), ...variables } : await this.#declaredVariables();
    const outputs = { services: { middleware } } as unknown as StackOutputs;
    const state = { ports: this.#ports } as SandboxState;
    this.#middleware = await startMiddleware(this.#supervisor, outputs, state, this.events);
  }

  async killMiddleware(): Promise<void> {
    await this.#middleware?.stop("SIGKILL");
    this.#middleware = undefined;
  }

  async #declaredVariables(): Promise<Record<string, string>> {
    const { stdout } = await must(this.#stack.pulumi(["stack", "output", "services", "--json", "--show-secrets"]));
    return (JSON.parse(stdout) as StackOutputs["services"]).middleware;
  }

  #agentVariables(): Record<string, string> {
    return { ...this.#livekitVariables(), AGENT_CONVERSATION: "echo" };
  }

  #livekitVariables() {
    return { LIVEKIT_URL: this.livekit.url, ...this.keys };
  }

  /** One call that hangs up after `holdMs`. */
  call(holdMs: number): Promise<CallerReport> {
    return placeCall(this.#supervisor, {
      target: this.#jambonz.sipAddress,
      folder: join(this.#folder, `calls-${randomBytes(3).toString("hex")}`),
      from: CALLER,
      to: CALLED,
      toneHz: TONE_HZ,
      holdMs,
      timeoutMs: 30_000,
    });
  }

  /** What LiveKit answered the legs that Jambonz dialled for this call. */
  legFailures({ sipCallId }: CallerReport): unknown[] {
    return this.seen
      .filter((event) => event.type === "leg.failed" && event.sipCallId === sipCallId)
      .map(({ status }) => status);
  }

  async stop(): Promise<void> {
    await this.#jambonz?.stop();
    await this.#supervisor.stopAll();
    this.#stack?.remove();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Whether the caller heard the own tone back: only the agent says back what it hears. */
export function heardItself({ heard }: CallerReport): boolean {
  return heard.some(({ hz }) => Math.abs(hz - TONE_HZ) <= 20);
}
