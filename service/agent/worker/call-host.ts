import { type ChildProcess, fork } from "node:child_process";
import { type AgentReport, clockMs, type Logger } from "@trunkline/shared";
import type { EndReason } from "../call-end.ts";
import type { FromHost, RoomAction, ToHost } from "../host/messages.ts";
import type { Vitals } from "../host/vitals.ts";
import type { CallJob } from "../job.ts";
import { Silence } from "./silence.ts";
import { Strain } from "./strain.ts";
import { Wear } from "./wear.ts";

const PING_EVERY_MS = 1_000;
/** A process that is busy starting calls may miss a ping. */
const SILENT_MS = 2_500;
/** So long after its beginning a call is taken to be why its process ends by itself. */
const YOUNG_CALL_MS = 15_000;
const NONE: [jobId: string, begunAt: number] = ["", 0];

/**
 * So many calls may be on their way to being ready in one host: each takes 0.1 to 0.2 CPU seconds, and with two hosts on two cores the
 * last of them is ready within 2 s. One more is better told to another worker, or to the middleware, than begun too late.
 */
const MOST_STARTING = 8;

/** Audio makes many small, short-lived objects, for which Node would let the heap grow by 50 MB; in MB, of three. */
const YOUNG_HEAP = "--max-semi-space-size=4";

/** What a host process does that its pool has to know. */
export interface HostEvents {
  ready(host: CallHost): void;
  /** Once a second: what it says of itself has been noted. */
  heard(host: CallHost): void;
  ended(job: CallJob, reason: EndReason): void;
  /** The agent of the call can hear and speak, or waits in its room. */
  prepared(job: CallJob): void;
  reported(job: CallJob, report: AgentReport): void;
  /** @throws what the conversation is told as an error. */
  act(job: CallJob, action: RoomAction): Promise<void>;
  /** The process is gone; these calls were in it. */
  gone(host: CallHost, orphans: CallJob[]): void;
}

/** How a host fares: its calls, those of them that are not ready yet, and what it said of itself last (host/vitals.ts). */
export interface HostState extends Vitals {
  pid: number | undefined;
  calls: number;
  starting: number;
  /** Uncaught exceptions that came from none of its calls. */
  strays: number;
}

/** A process that serves several calls. */
export class CallHost {
  readonly #process: ChildProcess;
  readonly #calls = new Map<string, CallJob>();
  readonly #events: HostEvents;
  readonly #log: Logger;
  readonly #watch: NodeJS.Timeout;
  readonly #startedAt = clockMs();
  readonly #strain = new Strain();
  readonly #wear = new Wear();
  /** Ids of the calls whose agent is not ready yet. */
  readonly #starting = new Set<string>();
  /** When the calls that are here began. */
  readonly #begun = new Map<string, number>();
  /** Those that may end this process. */
  readonly #suspects = new Set<string>();
  #isReady = false;
  #isClosing = false;
  #isStuck = false;
  /** How long the process has not answered. */
  readonly #silence: Silence;
  #strays = 0;

  /** @param file absolute path of the host's main module. */
  constructor(file: string, events: HostEvents, log: Logger, environment: NodeJS.ProcessEnv) {
    this.#events = events;
    this.#log = log;
    this.#process = fork(file, { env: environment, execArgv: [YOUNG_HEAP] });
    this.#silence = new Silence(this.#process.pid);
    this.#process.on("message", (message: FromHost) => this.#receive(message));
    this.#process.once("exit", (code, signal) => this.#exited(code, signal));
    this.#process.on("error", (error) => log.error({ event: "host.error", err: error }, "A host process failed"));
    this.#watch = setInterval(() => this.#ping(), PING_EVERY_MS);
  }

  get calls(): number {
    return this.#calls.size;
  }

  /** The calls that are in it, as far as it answers: what is in a process that does not may be dead. */
  get livingJobs(): CallJob[] {
    return this.#silence.ms < SILENT_MS ? [...this.#calls.values()] : [];
  }

  /** Whether a call that was taken can be given to it at all. */
  get isServing(): boolean {
    return this.#isReady && !this.#isClosing;
  }

  /** How many more calls it can begin now in time, 0…8. Without a call nothing of its own strains it: the first one is never too much. */
  get room(): number {
    const isStrained = this.calls > 0 && this.#strain.isTooMuch;
    return this.isServing && !isStrained && !this.hasSuspect ? Math.max(0, MOST_STARTING - this.#starting.size) : 0;
  }

  /** Told to end: nobody has to be put in its place. */
  get isClosing(): boolean {
    return this.#isClosing;
  }

  /**
   * Holds more memory than its calls explain, or has caught an exception that came from no call, which leaves it in an unknown state: a new
   * process has to take its place, now or in a quiet moment.
   */
  isWorn(isQuiet: boolean): boolean {
    return this.#wear.isWorn(this.calls, isQuiet) || (isQuiet && this.#strays > 0);
  }

  /** Whether a call has just begun here that its last process may have died of. */
  get hasSuspect(): boolean {
    return [...this.#suspects].some((jobId) => this.#isYoung(jobId));
  }

  /** Whether such a call harms no other here: there are only its like, all of them ready. */
  get takesSuspect(): boolean {
    return this.isServing && this.#suspects.size === this.calls && this.#starting.size === 0;
  }

  /** Without calls, and with more memory than a new process. */
  get couldBeFresher(): boolean {
    return this.calls === 0 && this.#wear.hasGrown;
  }

  /** Since the start of the process. */
  get ageMs(): number {
    return clockMs() - this.#startedAt;
  }

  /** For the log. */
  get state(): HostState {
    const { lagMs, busy } = this.#strain.last;
    const { calls, pid } = this;
    return { pid, calls, starting: this.#starting.size, lagMs, busy, rssMb: this.#wear.rssMb, strays: this.#strays };
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  start(job: CallJob): void {
    this.#calls.set(job.id, job);
    this.#preparing(job.id);
    if (job.isSuspect) this.#suspects.add(job.id);
    this.#send({ type: "start", job });
  }

  /** False if the call is not here. */
  stop(jobId: string, reason: EndReason): boolean {
    if (this.#calls.has(jobId)) this.#send({ type: "stop", jobId, reason });
    return this.#calls.has(jobId);
  }

  stopAll(reason: EndReason): void {
    for (const jobId of this.#calls.keys()) this.stop(jobId, reason);
  }

  /** Has the agents leave that only wait for a call. */
  release(): void {
    this.#send({ type: "release" });
  }

  /** Takes no new calls, and ends with its last one. */
  close(): void {
    this.#isClosing = true;
    this.#send({ type: "close" });
  }

  kill(): void {
    this.#isClosing = true;
    this.#process.kill("SIGKILL");
  }

  #receive(message: FromHost): void {
    this.#silence.heard();
    if (message.type === "ready") this.#hasStarted();
    else if (message.type === "pong") this.#note(message);
    else if (message.type === "preparing") this.#preparing(message.jobId);
    else if (message.type === "prepared") this.#prepared(message.jobId);
    else if (message.type === "report") this.#reported(message.jobId, message.report);
    else if (message.type === "ended") this.#ended(message.jobId, message.reason);
    else void this.#act(message.request, message.jobId, message.action);
  }

  #hasStarted(): void {
    this.#isReady = true;
    this.#ping();
    this.#events.ready(this);
  }

  #note({ strays = 0, ...vitals }: Vitals & { strays?: number }): void {
    this.#strays = strays;
    this.#strain.note(vitals);
    this.#wear.note(vitals.rssMb);
    this.#events.heard(this);
  }

  #preparing(jobId: string): void {
    this.#starting.add(jobId);
    this.#begun.set(jobId, clockMs());
  }

  #prepared(jobId: string): void {
    this.#starting.delete(jobId);
    const job = this.#calls.get(jobId);
    if (job) this.#events.prepared(job);
  }

  #reported(jobId: string, report: AgentReport): void {
    const job = this.#calls.get(jobId);
    if (job) this.#events.reported(job, report);
  }

  #ended(jobId: string, reason: EndReason): void {
    const job = this.#calls.get(jobId);
    this.#calls.delete(jobId);
    this.#begun.delete(jobId);
    this.#starting.delete(jobId);
    this.#suspects.delete(jobId);
    if (job) this.#events.ended(job, reason);
  }

  async #act(request: number, jobId: string, action: RoomAction): Promise<void> {
    const job = this.#calls.get(jobId);
    if (!job) return;
    const error = await this.#events.act(job, action).then(
      () => undefined,
      (failure: unknown) => (failure instanceof Error ? failure.message : String(failure)),
    );
    this.#send({ type: "answer", request, ...(error !== undefined && { error }) });
  }

  #ping(): void {
    if (!this.#isReady) return;
    this.#send({ type: "ping" });
    if (!this.#silence.isStuck()) return;
    this.#isStuck = true;
    this.#log.error({ event: "host.stuck", pid: this.pid, calls: this.calls }, "A host process is stuck: ending it");
    this.#process.kill("SIGKILL");
  }

  #exited(code: number | null, signal: NodeJS.Signals | null): void {
    clearInterval(this.#watch);
    this.#isReady = false;
    const isItsOwnFault = signal !== "SIGKILL" || this.#isStuck;
    const guilty = this.#suspectsOfDeath(isItsOwnFault);
    const orphans = [...this.#calls.values()].map((job) => ({ ...job, isSuspect: guilty.has(job.id) }));
    this.#starting.clear();
    this.#suspects.clear();
    this.#calls.clear();
    if (!this.#isClosing || orphans.length > 0)
      this.#log.error(
        { event: "host.lost", pid: this.pid, code, signal, calls: orphans.length },
        "A host process died",
      );
    this.#events.gone(this, orphans);
  }

  /** The calls that were on their way to being ready; without one, the last that has begun. */
  #suspectsOfDeath(isItsOwnFault: boolean): ReadonlySet<string> {
    if (this.#starting.size > 0 || !isItsOwnFault) return new Set(this.#starting);
    const last = [...this.#begun].reduce(
      ([one, at], [id, begunAt]) => (begunAt >= at ? [id, begunAt] : [one, at]),
      NONE,
    );
    return new Set(this.#isYoung(last[0]) ? [last[0]] : []);
  }

  #isYoung(jobId: string): boolean {
    return clockMs() - (this.#begun.get(jobId) ?? 0) < YOUNG_CALL_MS;
  }

  #send(message: ToHost): void {
    if (this.#process.connected) this.#process.send(message, () => undefined);
  }
}
