import { setTimeout as pause } from "node:timers/promises";
import { HookProxy } from "../../sandbox/calls/hook-proxy.ts";
import { System } from "../../sandbox/calls/system.ts";
import { TcpProxy } from "../../sandbox/faults/tcp-proxy.ts";
import { freePorts } from "../../sandbox/processes/ports.ts";
import type { Running } from "../../sandbox/processes/supervisor.ts";
import type { SeenEvent } from "../../sandbox/start/event-log.ts";
import type { Observed } from "./invariants.ts";
import { recordsIn } from "./records.ts";
import type { RoomWatch } from "./room-watch.ts";

export const PARTS = ["middleware", "agent", "livekit-sip", "livekit-server", "redis"] as const;
export type Part = (typeof PARTS)[number];

/**
 * A record that nobody ends is closed by the middleware's janitor: 60 s in one phase, then up to 38 s to its next round, in which
 * requests for the rooms of a livekit-server that was killed take 3 s each.
 */
const SETTLE_MS = 300_000;
/** For so long a livekit-server that was killed may still be chosen for a new room (selector.AvailableSeconds of 1.13.5). */
const NODE_FORGOTTEN_MS = 5_000;
const STEP_MS = 200;
const EVENT_MS = 20_000;

/** The whole system, each part of which can be killed, and three paths which can be made bad. */
export class FaultSystem {
  readonly system = new System();
  /** Between the middleware and its Redis. */
  redisPath!: TcpProxy;
  /** Between the middleware and LiveKit's API. */
  livekitApi!: HookProxy;
  readonly #killed = new Set<Part>();
  #signalRetry: string | undefined;

  async start(): Promise<void> {
    await this.system.startServers();
    const [redisPort = 0, apiPort = 0] = await freePorts(2);
    this.redisPath = await TcpProxy.start(redisPort, this.system.redis.port);
    this.livekitApi = await HookProxy.start(apiPort, Number(new URL(this.system.livekit.httpUrl).port));
    await this.restart("middleware");
    await this.restart("agent");
  }

  /** SIGKILL: no farewell to anybody. */
  async kill(part: Part): Promise<void> {
    this.#killed.add(part);
    if (part === "agent") return this.system.killAgent();
    await this.#running(part).stop("SIGKILL");
  }

  /** To each process of the part. */
  signal(part: Part, signal: "SIGSTOP" | "SIGCONT"): void {
    process.kill(-this.#running(part).pid, signal);
  }

  async restart(part: Part): Promise<void> {
    await this.#start(part);
    this.#killed.delete(part);
  }

  /** Starts livekit-server anew, as the sandbox does not have it, until all is healed. */
  async restartLivekit(signalRetry: string | undefined): Promise<void> {
    await this.kill("livekit-server");
    this.#signalRetry = signalRetry;
    await this.restart("livekit-server");
  }

  async #start(part: Part): Promise<void> {
    const { system, redisPath, livekitApi } = this;
    switch (part) {
      case "middleware":
        return system.startMiddleware({
          REDIS_URL: `redis://127.0.0.1:${redisPath.port}`,
          LIVEKIT_URL: `ws://127.0.0.1:${livekitApi.port}`,
          RESCUE: "true",
        });
      case "agent":
        return system.startAgent();
      case "livekit-sip":
        return system.startLivekitSip();
      case "livekit-server":
        await system.startLivekit(this.#signalRetry === undefined ? {} : { signalRetry: this.#signalRetry });
        return pause(NODE_FORGOTTEN_MS);
      case "redis":
        return system.startRedis();
    }
  }

  /** All paths as good as they were, every part running. */
  async heal(): Promise<void> {
    this.system.hooks.reset();
    this.livekitApi.reset();
    this.redisPath.become("open");
    if (this.#signalRetry !== undefined) await this.restartLivekit(undefined);
    for (const part of [...this.#killed]) await this.restart(part);
  }

  /** Waits for so many events of this kind since then. @throws when they have not come in time. */
  async happens(event: string, since: number, count = 1): Promise<void> {
    const seen = new Set<SeenEvent>();
    const isLast = (candidate: SeenEvent) => {
      if (candidate.event === event && candidate.at >= since) seen.add(candidate);
      return seen.size >= count;
    };
    if (!(await this.system.events.waitFor(isLast, EVENT_MS)))
      throw new Error(`${event} happened ${seen.size} times within ${EVENT_MS} ms, not ${count}`);
  }

  /** Waits until nothing is left of any call, tells what is left when that takes too long. */
  async settle(rooms: RoomWatch): Promise<Pick<Observed, "records" | "roomsLeft" | "legsLeft">> {
    for (const end = Date.now() + SETTLE_MS; ; await pause(STEP_MS)) {
      const found = await this.#look(rooms).catch(() => undefined);
      if (found && isQuiet(found)) return found;
      if (Date.now() > end) return found ?? this.#look(rooms);
    }
  }

  async stop(): Promise<void> {
    await this.system.stop();
    await this.redisPath?.stop();
    await this.livekitApi?.stop();
  }

  async #look(rooms: RoomWatch) {
    const { redisUrl, jambonz } = this.system;
    const records = await recordsIn(redisUrl);
    return { records, roomsLeft: await rooms.left(), legsLeft: jambonz.liveLegs() };
  }

  #running(part: Part): Running {
    const { middleware, agent, livekit, livekitSip, redis } = this.system;
    if (part === "middleware") return middleware;
    if (part === "agent") {
      if (agent === undefined) throw new Error("the agent is not running");
      return agent;
    }
    return { "livekit-sip": livekitSip, "livekit-server": livekit, redis }[part].running;
  }
}

function isQuiet({ records, roomsLeft, legsLeft }: Pick<Observed, "records" | "roomsLeft" | "legsLeft">): boolean {
  return records.every(({ phase }) => phase === "ended") && roomsLeft.length === 0 && legsLeft === 0;
}
