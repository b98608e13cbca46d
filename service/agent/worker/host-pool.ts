import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "@trunkline/shared";
import type { EndReason } from "../call-end.ts";
import type { RoomAction } from "../host/messages.ts";
import type { CallJob } from "../job.ts";
import { CallHost } from "./call-host.ts";

/** A host that dies younger than this is started again only after a pause, twice as long each time. */
const YOUNG_MS = 10_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;

export interface PoolEvents {
  ended(job: CallJob, reason: EndReason): void;
  act(job: CallJob, action: RoomAction): Promise<void>;
  /** Calls whose process has died. */
  orphaned(jobs: CallJob[]): void;
}

/** The host processes: started ahead of the calls, started again when they die. */
export class HostPool {
  readonly #hosts = new Set<CallHost>();
  readonly #startHost: () => CallHost;
  readonly #events: PoolEvents;
  readonly #ready = Promise.withResolvers<void>();
  #earlyDeaths = 0;
  #isClosing = false;
  /** The host that ends as soon as another has started in its place. */
  #retiring: CallHost | undefined;

  /** @param size how many processes, 1 or more. */
  constructor(size: number, file: string, events: PoolEvents, log: Logger, environment: NodeJS.ProcessEnv) {
    this.#events = events;
    const hostEvents = {
      ready: (host: CallHost) => this.#hasStarted(host),
      ended: (job: CallJob, reason: EndReason, host: CallHost) => {
        events.ended(job, reason);
        if (host.isWorn) this.#retire(host);
      },
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

  get canTakeCalls(): boolean {
    return this.#freest() !== undefined;
  }

  /** False if there is no process to run it in. */
  start(job: CallJob): boolean {
    const host = this.#freest();
    host?.start(job);
    return host !== undefined;
  }

  stop(jobId: string, reason: EndReason): void {
    for (const host of this.#hosts) if (host.stop(jobId, reason)) return;
  }

  stopAll(reason: EndReason): void {
    for (const host of this.#hosts) host.stopAll(reason);
  }

  /** Ends all processes as soon as their calls have ended, those that have not after `graceMs`. */
  async close(graceMs: number): Promise<void> {
    this.#isClosing = true;
    for (const host of this.#hosts) host.close();
    for (const end = Date.now() + graceMs; this.#hosts.size > 0 && Date.now() < end; ) await sleep(20);
    for (const host of this.#hosts) host.kill();
  }

  #freest(): CallHost | undefined {
    const able = [...this.#hosts].filter((host) => host.canTakeCalls);
    return able.sort((one, other) => one.calls - other.calls)[0];
  }

  #hasStarted(host: CallHost): void {
    this.#ready.resolve();
    if (this.#retiring === host) return;
    this.#retiring?.close();
    this.#retiring = undefined;
  }

  #retire(host: CallHost): void {
    if (this.#retiring || host.isClosing || this.#isClosing) return;
    this.#retiring = host;
    this.#hosts.add(this.#startHost());
  }

  async #replace(host: CallHost, orphans: CallJob[]): Promise<void> {
    this.#hosts.delete(host);
    if (orphans.length > 0) this.#events.orphaned(orphans);
    if (this.#retiring === host) this.#retiring = undefined;
    if (this.#isClosing || host.isClosing) return;
    this.#earlyDeaths = host.ageMs < YOUNG_MS ? this.#earlyDeaths + 1 : 0;
    if (this.#earlyDeaths > 0)
      await sleep(Math.min(FIRST_PAUSE_MS * 2 ** this.#earlyDeaths, LONGEST_PAUSE_MS), undefined, { ref: false });
    if (!this.#isClosing) this.#hosts.add(this.#startHost());
  }
}
