import type { Vitals } from "../host/vitals.ts";

/** A host that lets its calls wait so long takes no more: each new one would be heard by all. */
const LAG_MS = 150;
/**
 * Nor one whose event loop never rests for so long. Waiting for a CPU counts as busy: where many processes share two cores, a lower
 * bound refuses calls that would be answered in time.
 */
const BUSY = 0.98;
const BUSY_SECONDS = 4;

/** Whether a host process is at its limit, by what it says of itself once a second. */
export class Strain {
  #last = { lagMs: 0, busy: 0 };
  #busySeconds = 0;

  note({ lagMs, busy }: Pick<Vitals, "lagMs" | "busy">): void {
    this.#last = { lagMs, busy };
    this.#busySeconds = busy >= BUSY ? this.#busySeconds + 1 : 0;
  }

  get last(): { readonly lagMs: number; readonly busy: number } {
    return this.#last;
  }

  get isTooMuch(): boolean {
    return this.#last.lagMs >= LAG_MS || this.#busySeconds >= BUSY_SECONDS;
  }
}
