import { setTimeout as sleep } from "node:timers/promises";
import type { Job } from "@livekit/protocol";
import { AGENT_NAME, type AgentPulse, type AgentReport, callIdOfRoom, clockMs, type Logger } from "@trunkline/shared";
import { agentIdentity } from "../agent-identity.ts";
import { type EndReason, hangsUp } from "../call-end.ts";
import type { AgentConfig } from "../config.ts";
import type { RoomAction } from "../host/messages.ts";
import type { CallJob } from "../job.ts";
import { HostPool } from "./host-pool.ts";
import { LiveKitConnection } from "./livekit-connection.ts";
import { WorkerPulse } from "./pulse.ts";
import { RoomControl } from "./room-control.ts";

/** Running calls get this long after SIGTERM. Heroku kills 30 s after it. */
const DRAIN_MS = 25_000;
/** Calls that are told to end get this long to say so. */
const CLOSE_MS = 3_000;
const DRAIN_STEP_MS = 100;
/** A job that was taken and is not given within this (livekit-server 1.13.5 waits 10 s for our answer) never comes. */
const ASSIGNMENT_MS = 10_000;
/** How often a call is tried: one process dying is an accident, the second in the same call is the call's fault. */
const ATTEMPTS = 2;
/** Longer than the middleware asks for another agent. */
const DANGEROUS_MS = 60_000;

/**
 * The worker: one registration with LiveKit, a few host processes started ahead of the calls, several calls in each. A host that
 * dies takes its calls to another host, once; the agent is then a new one in the same room.
 */
export class Worker {
  readonly #config: AgentConfig;
  readonly #log: Logger;
  readonly #connection: LiveKitConnection;
  readonly #control: RoomControl;
  readonly #pool: HostPool;
  readonly #pulse: WorkerPulse;
  /** Jobs that were taken and not yet given. */
  readonly #expected = new Map<string, NodeJS.Timeout>();
  /** Rooms whose call may have ended a process: LiveKit may be asked to send another agent there, who would end the next one. */
  readonly #dangerous = new Set<string>();
  #isStopping = false;

  /** @param hostFile absolute path of the host processes' main module. */
  constructor(config: AgentConfig, hostFile: string, log: Logger) {
    this.#config = config;
    this.#log = log;
    this.#control = new RoomControl(config.livekit);
    const pool = {
      ended: (job: CallJob, reason: EndReason) => this.#ended(job, reason),
      prepared: (job: CallJob) => this.#pulse.tell({ what: "ready", callId: callIdOf(job) }),
      reported: (job: CallJob, report: AgentReport) =>
        this.#pulse.tell({ what: "report", callId: callIdOf(job), report }),
      act: (job: CallJob, action: RoomAction) => this.#control.act(job.room, action),
      orphaned: (jobs: CallJob[]) => void Promise.all(jobs.map((job) => this.#rescue(job))),
    };
    this.#pool = new HostPool(config.processes, hostFile, pool, log, hostEnvironment(process.env));
    const events = {
      registered: (workerId: string) =>
        log.info({ event: "agent.registered", agentName: AGENT_NAME, workerId }, "Registered with LiveKit"),
      offered: (job: Job) => this.#offered(job),
      assigned: (job: Job, token: string, url?: string) => this.#assigned(job, token, url),
      terminated: (jobId: string) => this.#pool.stop(jobId, "job_terminated"),
      load: () => this.#load(),
    };
    this.#connection = new LiveKitConnection(config.livekit, events, log);
    const { livekit, middlewareUrl } = config;
    this.#pulse = new WorkerPulse({ livekit, middlewareUrl, state: () => this.#state(), log });
  }

  /** Registers once a call can be served. Resolves when the worker has stopped. */
  async run(): Promise<void> {
    await this.#pool.ready;
    this.#pulse.start();
    await this.#connection.run();
  }

  /** Takes no new calls, gives the running ones 25 s, then has them say good-bye, and ends. */
  async stop(): Promise<void> {
    const end = clockMs() + DRAIN_MS;
    this.#isStopping = true;
    this.#connection.tellLoad();
    this.#pool.release();
    this.#log.info({ event: "agent.draining", calls: this.#calls }, "Taking no new calls");
    while (this.#calls > 0 && clockMs() < end) await sleep(DRAIN_STEP_MS);
    if (this.#calls > 0) {
      this.#log.warn({ event: "agent.drain_timeout", calls: this.#calls }, "Ending the running calls");
      this.#pool.stopAll("worker_stopped");
    }
    await this.#pool.close(CLOSE_MS);
    this.#connection.close();
    this.#pulse.close();
    this.#log.info({ event: "agent.stopped" }, "Stopped");
  }

  /** A worker that LiveKit does not know takes no calls. */
  #state(): Pick<AgentPulse, "free" | "calls"> {
    const free = this.#load() < 1 && this.#connection.isRegistered ? this.#config.maxCalls - this.#calls : 0;
    return { free: Math.max(0, free), calls: this.#pool.livingJobs.map(callIdOf) };
  }

  get #calls(): number {
    return this.#pool.calls + this.#expected.size;
  }

  #load(): number {
    // Jobs that were taken and not yet given will need room too.
    if (this.#isStopping || this.#pool.room <= this.#expected.size) return 1;
    return Math.min(1, this.#calls / this.#config.maxCalls);
  }

  #offered({ id, room }: Job): boolean {
    const load = this.#load();
    const isTaken = load < 1;
    if (isTaken) this.#expected.set(id, setTimeout(() => this.#expected.delete(id), ASSIGNMENT_MS).unref());
    else this.#refused(room?.name);
    return isTaken;
  }

  #refused(room: string | undefined): void {
    const fields = { event: "agent.refused", room, calls: this.#calls, hosts: this.#pool.states };
    this.#log.warn(fields, "Full: a call was refused");
  }

  #assigned(job: Job, token: string, url = this.#config.livekit.url): void {
    clearTimeout(this.#expected.get(job.id));
    this.#expected.delete(job.id);
    const { id, metadata } = job;
    if (this.#dangerous.has(job.room?.name ?? "")) {
      this.#connection.tellEnded(id, true);
      return;
    }
    const call = { id, metadata, room: job.room?.name ?? "", url, token, identity: agentIdentity(id), attempt: 1 };
    if (!this.#pool.start(call)) this.#giveUp(call);
  }

  #ended(job: CallJob, reason: EndReason): void {
    const callId = callIdOf(job);
    this.#pulse.tell(reason === "failed" ? { what: "failed", callId } : { what: "left", callId, reason });
    this.#connection.tellEnded(job.id, reason === "failed");
    this.#connection.tellLoad();
    // Whoever stays in the room would hear nobody.
    if (hangsUp(reason)) void this.#deleteRoom(job);
  }

  async #rescue(job: CallJob): Promise<void> {
    if (job.isSuspect) this.#noteDanger(job.room);
    if (job.attempt >= ATTEMPTS) return this.#giveUp(job);
    if (!(await this.#control.exists(job.room))) return;
    const next = await this.#control.nextAttempt(job);
    const { room, isSuspect } = job;
    this.#log.warn({ event: "call.rescued", room, attempt: next.attempt, isSuspect }, "Taking the call up again");
    const isStarted = isSuspect ? await this.#pool.startAlone(next) : this.#pool.start(next);
    if (!isStarted) this.#giveUp(next);
  }

  #noteDanger(room: string): void {
    this.#dangerous.add(room);
    setTimeout(() => this.#dangerous.delete(room), DANGEROUS_MS).unref();
  }

  /** Ends the leg, so that the caller comes to the fallback instead of hearing silence. */
  #giveUp(job: CallJob): void {
    this.#log.error({ event: "call.given_up", room: job.room, attempt: job.attempt }, "Nobody can serve the call");
    this.#connection.tellEnded(job.id, true);
    void this.#deleteRoom(job);
  }

  async #deleteRoom({ room }: CallJob): Promise<void> {
    await this.#control
      .act(room, { name: "deleteRoom" })
      .catch((error: unknown) => this.#log.info({ event: "room.not_deleted", room, err: error }, "The room is gone"));
  }
}

function callIdOf({ room }: CallJob): string {
  return callIdOfRoom(room) ?? room;
}

/** The key stays with the worker. */
function hostEnvironment({ LIVEKIT_API_SECRET: _secret, ...others }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  // One heap for all native threads: glibc would make up to eight per core, and keep what each has freed.
  return { MALLOC_ARENA_MAX: "2", ...others };
}
