import { setTimeout as pause } from "node:timers/promises";
import { reasonOf, SIGNATURE_HEADER, send, signatureOf } from "@trunkline/contract/outgoing";
import { clockMs, type Logger } from "@trunkline/shared";
import type { CallStore, DueEvent } from "../store/call-store.ts";
import { EVENT_KEPT_MS } from "../store/retention.ts";
import { bodyOf, keyOf } from "./call-event.ts";
import { retryAfterMs, waitAfter } from "./event-retry.ts";
import type { EventSettings } from "./settings.ts";

/** A receiver that hangs holds so many requests of one instance, and no more. */
const MOST_AT_ONCE = 8;
const DEADLINE_MS = 10_000;
/** Whoever took an event and died has not told it: another instance does, once this has passed. */
const LEASE_MS = 30_000;
const LOOK_EVERY_MS = 2_000;
const CLOSE_LIMIT_MS = 2_000;

export const DELIVERIES = ["delivered", "failed", "dropped"] as const;
export type Delivery = (typeof DELIVERIES)[number];

export interface EventSenderParts {
  readonly store: Pick<CallStore, "dueEvents" | "settleEvent">;
  readonly settings: EventSettings;
  readonly log: Logger;
  readonly count: (delivery: Delivery, events?: number) => void;
  readonly lookEveryMs?: number;
  readonly deadlineMs?: number;
  /** Default: `waitAfter`. */
  readonly waitMs?: (tries: number, retryAfterMs: number) => number;
}

/**
 * Sends each ended call to the receiver, at least once: what is to be sent lies in the store until it was taken, or a day has passed. No call
 * waits for it. Instances share the work; a redirect, an answer that is not 2xx, or none in time is a failure and is repeated.
 */
export class EventSender {
  readonly #parts: EventSenderParts;
  readonly #underWay = new Set<Promise<void>>();
  #isClosed = false;
  #isPoked = false;
  #wake = () => {};
  #work: Promise<void> = Promise.resolve();

  constructor(parts: EventSenderParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#work = this.#run();
  }

  /** A call has just ended. */
  poke(): void {
    this.#isPoked = true;
    this.#wake();
  }

  /** What is under way gets a moment; else the next instance repeats it. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#wake();
    await this.#work;
    await Promise.race([Promise.all(this.#underWay), pause(CLOSE_LIMIT_MS, undefined, { ref: false })]);
  }

  async #run(): Promise<void> {
    while (!this.#isClosed) {
      this.#isPoked = false;
      const due = await this.#due();
      for (const event of due) this.#begin(event);
      if (due.length === 0) await this.#idle();
    }
  }

  async #due(): Promise<readonly DueEvent[]> {
    const free = MOST_AT_ONCE - this.#underWay.size;
    if (free === 0) return [];
    try {
      const { events, dropped } = await this.#parts.store.dueEvents(free, LEASE_MS);
      if (dropped > 0) this.#lose(dropped, "too many of them waited");
      return events;
    } catch (error) {
      this.#parts.log.debug({ reason: reasonOf(error) }, "Call events could not be looked up");
      return [];
    }
  }

  #idle(): Promise<void> {
    if (this.#isPoked || this.#isClosed) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.#parts.lookEveryMs ?? LOOK_EVERY_MS).unref();
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #begin(event: DueEvent): void {
    const work = this.#tell(event)
      .catch((error) => this.#parts.log.debug({ reason: reasonOf(error) }, "A call event was not settled"))
      .finally(() => {
        this.#underWay.delete(work);
        this.poke();
      });
    this.#underWay.add(work);
  }

  async #tell({ record, tries }: DueEvent): Promise<void> {
    const { callId } = record.context;
    if (clockMs() - record.state.phaseSince > EVENT_KEPT_MS) {
      this.#lose(1, "it was not taken within a day", callId);
      return this.#parts.store.settleEvent(callId);
    }
    const failure = await this.#post(record);
    if (failure === undefined) {
      this.#parts.count("delivered");
      return this.#parts.store.settleEvent(callId);
    }
    this.#parts.count("failed");
    if (tries === 1)
      this.#parts.log.warn({ event: "call-event.failed", callId, reason: failure.reason }, "A call event is repeated");
    const { waitMs = (count, most) => waitAfter(count, Math.random(), most) } = this.#parts;
    await this.#parts.store.settleEvent(callId, waitMs(tries, failure.retryAfterMs));
  }

  /** What went wrong; undefined = taken. */
  async #post(record: DueEvent["record"]): Promise<{ reason: string; retryAfterMs: number } | undefined> {
    const { url, secret } = this.#parts.settings;
    const body = bodyOf(record);
    const headers = {
      "content-type": "application/json",
      "idempotency-key": keyOf(record),
      [SIGNATURE_HEADER]: signatureOf(body, secret),
    };
    try {
      const request = {
        method: "POST",
        headers,
        body,
        deadlineMs: this.#parts.deadlineMs ?? DEADLINE_MS,
        answer: "status",
      } as const;
      const { ok, status, headers: told } = await send(new URL(url), request);
      return ok ? undefined : { reason: `answered ${status}`, retryAfterMs: retryAfterMs(told.get("retry-after")) };
    } catch (error) {
      return { reason: reasonOf(error), retryAfterMs: 0 };
    }
  }

  #lose(events: number, why: string, callId?: string): void {
    this.#parts.count("dropped", events);
    this.#parts.log.error({ event: "call-event.dropped", events, callId, reason: why }, "Call events were given up");
  }
}
