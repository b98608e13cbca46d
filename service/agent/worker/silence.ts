import { readFileSync } from "node:fs";

/** A host that could have answered for so long, and has not, is stuck: its callers hear nothing. */
const STUCK_AFTER_MS = 5_000;
/** Nor does a caller stay longer than this with one that is only slow. */
const LONGEST_MS = 30_000;
/** A look that comes later than this proves nothing: the worker itself was held up, and answers may wait to be read. */
const LONGEST_GAP_MS = 2_500;
const NS_PER_MS = 1e6;

/**
 * How long a host process has not answered its worker, without the time in which it could not: while it waits for a CPU that others
 * have, it is slow, and still makes progress. A loop without end uses its CPU, a stopped process asks for none: both time is counted.
 */
export class Silence {
  readonly #waitedMs: () => number;
  #lookedAt = 0;
  #waitedBefore: number | undefined;
  #silentMs = 0;
  /** The time in which it could not answer included. */
  #wholeMs = 0;

  /** @param waitedMs how long the process has waited for a CPU since its start. */
  constructor(pid: number | undefined, waitedMs = () => waitedForCpuMs(pid)) {
    this.#waitedMs = waitedMs;
  }

  /** As it was when it was last asked. */
  get ms(): number {
    return this.#silentMs;
  }

  heard(at = performance.now()): void {
    this.#silentMs = 0;
    this.#wholeMs = 0;
    this.#lookedAt = at;
    this.#waitedBefore = undefined;
  }

  /** To be asked regularly. @param at in ms, of a clock that does not jump. */
  isStuck(at = performance.now()): boolean {
    const waited = this.#waitedMs();
    const passed = at - this.#lookedAt;
    const couldNot = waited - (this.#waitedBefore ?? waited);
    if (passed > LONGEST_GAP_MS) this.heard(at);
    else {
      this.#wholeMs += passed;
      this.#silentMs += Math.max(0, passed - couldNot);
    }
    this.#lookedAt = at;
    this.#waitedBefore = waited;
    return this.#silentMs >= STUCK_AFTER_MS || this.#wholeMs >= LONGEST_MS;
  }
}

/**
 * Of the process's main thread, the one with the event loop, by Linux (proc_pid_schedstat: time on the CPU, time in its queue, ns). 0
 * where the kernel does not say.
 */
function waitedForCpuMs(pid: number | undefined): number {
  try {
    return Number(readFileSync(`/proc/${pid}/task/${pid}/schedstat`, "utf8").split(" ")[1]) / NS_PER_MS || 0;
  } catch {
    return 0;
  }
}
