import { setTimeout as sleep } from "node:timers/promises";
import { type AgentReport, clockMs, type Logger } from "@trunkline/shared";
import type { EndReason } from "../call-end.ts";
import type { RoomAction } from "../host/messages.ts";
import type { CallJob } from "../job.ts";
import { CallHost, type HostState } from "./call-host.ts";

/** A host that dies younger than this is started again only after a pause, twice as long each time. */
const YOUNG_MS = 10_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;

export interface PoolEvents {
  ended(job: CallJob, reason: EndReason): void;
  prepared(job: CallJob): void;
  reported(job: CallJob, report: AgentReport): void;
  act(job: CallJob, action: RoomAction): Promise<void>;
  /** Calls whose process has died. */
  orphaned(jobs: CallJob[]): void;
}

/** How long, in ms, nothing has to happen before fresh processes take the place of old ones. */
const PAUSES = {
  /** Without any call: there is time for processes that have grown at all. */
  restMs: 20_000,
  /** Without a call that begins: for worn ones. */
  quietMs: 3_000,
  /** So long a call that may end its process waits for one without other calls. */
  aloneMs: 8_000,
};

/** The host processes: started ahead of the calls, started again when they die. */
export class HostPool {
  readonly #hosts = new Set<CallHost>();
  readonly #startHost: () => CallHost;
  readonly #events: PoolEvents;
  readonly #log: Logger;
  readonly #ready = Promise.withResolvers<void>();
  #earlyDeaths = 0;
  #isClosing = false;
  /** The host that ends as soon as another has started in its place. */
  #retiring: CallHost | undefined;
  readonly #pauses: typeof PAUSES;
  #restsSince = clockMs();
  #quietSince = clockMs();

  readonly #size: number;

  /** @param size how many processes, 1 or more. */
  constructor(
    size: number,
    file: string,
    events: PoolEvents,
    log: Logger,
    environment: NodeJS.ProcessEnv,
    pauses: Partial<typeof PAUSES> = {},
  ) {
    this.#size = size;
    this.#events = events;
    this.#log = log;
    this.#pauses = { ...PAUSES, ...pauses };
    const hostEvents = {
      ready: (host: CallHost) => this.#hasStarted(host),
      heard: (host: CallHost) => this.#refresh(host),
      ended: (job: CallJob, reason: EndReason) => {
        this.#restsSince = clockMs();
        events.ended(job, reason);
      },
      prepared: (job: CallJob) => events.prepared(job),
      reported: (job: CallJob, report: AgentReport) => events.reported(job, report),
      act: (job: CallJob, action: RoomAction) => events.act(job, action),
      gone: (host: CallHost, orphans: CallJob[]) => void this.#replace(host, orphans),
    };
    this.#startHost = () => new CallHost(file, hostEvents, log, environment);
    for (let started = 0; started < size; started++) this.#hosts.add(this.#startHost());
  }

  /** Resolves when a call can be taken for the first time. */
  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  get calls(): number {
    return [...this.#hosts].reduce((sum, host) => sum + host.calls, 0);
  }

  /** Of all processes that answer. */
  get livingJobs(): CallJob[] {
    return [...this.#hosts].flatMap((host) => host.livingJobs);
  }

  /** Of all host processes that run, in the order of their starts. */
  get states(): HostState[] {
    return [...this.#hosts].map(({ state }) => state);
  }

  /** How many calls can begin now. */
  get room(): number {
    return [...this.#hosts].reduce((sum, host) => sum + host.room, 0);
  }

  /** Gives it to the process that has room and the fewest calls, else to the one with the fewest calls. False if there is none at all. */
  start(job: CallJob): boolean {
    const host = this.#freest();
    this.#quietSince = clockMs();
    host?.start(job);
    return host !== undefined;
  }

  /**
   * The same for a call that may end its process: into one without healthy calls, and never into the last that serves. False if there is
   * none in time.
   */
  async startAlone(job: CallJob): Promise<boolean> {
    for (const end = clockMs() + this.#pauses.aloneMs; clockMs() < end && !this.#isClosing; await sleep(20)) {
      const serving = this.#serving;
      const host =
        serving.length > 1 || this.#size === 1 ? serving.find(({ takesSuspect }) => takesSuspect) : undefined;
      host?.start(job);
      if (host) return true;
    }
    return false;
  }

  stop(jobId: string, reason: EndReason): void {
    for (const host of this.#hosts) if (host.stop(jobId, reason)) return;
  }

  stopAll(reason: EndReason): void {
    for (const host of this.#hosts) host.stopAll(reason);
  }

  /** Has the agents leave that only wait for a call. */
  release(): void {
    for (const host of this.#hosts) host.release();
  }

  /** Ends all processes as soon as their calls have ended, those that have not after `graceMs`. */
  async close(graceMs: number): Promise<void> {
    this.#isClosing = true;
    for (const host of this.#hosts) host.close();
    for (const end = clockMs() + graceMs; this.#hosts.size > 0 && clockMs() < end; ) await sleep(20);
    for (const host of this.#hosts) host.kill();
  }

  #freest(): CallHost | undefined {
    const serving = this.#serving;
    const safe = serving.filter((host) => !host.hasSuspect);
    const free = safe.filter((host) => host.room > 0);
    const best = [free, safe, serving].find((hosts) => hosts.length > 0) ?? [];
    return best.sort((one, other) => one.calls - other.calls)[0];
  }

  get #serving(): CallHost[] {
    return [...this.#hosts].filter((host) => host.isServing);
  }

  #hasStarted(host: CallHost): void {
    this.#ready.resolve();
    if (this.#retiring === host) return;
    this.#retiring?.close();
    this.#retiring = undefined;
  }

  #refresh(host: CallHost): void {
    const { restMs, quietMs } = this.#pauses;
    const hasRested = this.calls === 0 && clockMs() - this.#restsSince >= restMs;
    const isQuiet = clockMs() - this.#quietSince >= quietMs;
    if (host.isWorn(isQuiet) || (hasRested && host.couldBeFresher)) this.#retire(host);
  }

  #retire(host: CallHost): void {
    if (this.#retiring || host.isClosing || this.#isClosing) return;
    this.#log.info({ event: "host.replaced", host: host.state }, "A fresh host process takes the place of a grown one");
    this.#retiring = host;
    this.#hosts.add(this.#startHost());
  }

  async #replace(host: CallHost, orphans: CallJob[]): Promise<void> {
    this.#hosts.delete(host);
    if (orphans.length > 0) this.#events.orphaned(orphans);
    const isReplaced = this.#retiring === host;
    if (isReplaced) this.#retiring = undefined;
    if (this.#isClosing || host.isClosing || isReplaced) return;
    this.#earlyDeaths = host.ageMs < YOUNG_MS ? this.#earlyDeaths + 1 : 0;
    if (this.#earlyDeaths > 0)
      await sleep(Math.min(FIRST_PAUSE_MS * 2 ** this.#earlyDeaths, LONGEST_PAUSE_MS), undefined, { ref: false });
    if (!this.#isClosing) this.#hosts.add(this.#startHost());
  }
}
