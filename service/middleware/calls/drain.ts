import { setTimeout as pause } from "node:timers/promises";
import { clockMs } from "@trunkline/shared";

const LOOK_MS = 25;

/**
 * Keeps an eye on the callers in queues, so that none of them asks for music while nobody is there to answer: an instance that is
 * to stop first gives each of them, at the next hook, music for as long as a restart takes. Only callers that were last answered
 * here are waited for, and only until their hook is overdue: then another instance has got it.
 */
export class Drain {
  /** By the call_sid of the caller: until when the next hook is waited for, ms since 1970. */
  readonly #due = new Map<string, number>();
  #isOn = false;

  /** Whether this instance is about to stop. */
  get isOn(): boolean {
    return this.#isOn;
  }

  /** A caller will ask for music within so many ms, if it comes here. */
  expect(callSid: string, withinMs: number, now = clockMs()): void {
    this.#forgetOverdue(now);
    this.#due.set(callSid, now + withinMs);
  }

  /** A caller has gone, or has music for long enough. */
  release(callSid: string): void {
    this.#due.delete(callSid);
  }

  /** How many callers may still ask here. */
  waiting(now = clockMs()): number {
    this.#forgetOverdue(now);
    return this.#due.size;
  }

  /** From now on callers get music for the time of a restart. Resolves when all have it, at the latest after `limitMs`. */
  async finish(limitMs: number): Promise<void> {
    this.#isOn = true;
    for (const end = clockMs() + limitMs; this.waiting() > 0 && clockMs() < end; ) await pause(LOOK_MS);
  }

  #forgetOverdue(now: number): void {
    for (const [callSid, until] of this.#due) if (until <= now) this.#due.delete(callSid);
  }
}
