import { setTimeout as pause } from "node:timers/promises";
import type { CallChanges, CallStore } from "../store/call-store.ts";
import type { CallRecord } from "./call-record.ts";
import { PHASES } from "./call-state.ts";

/** Changes that come closer together are told together: nobody's eye is faster. */
const SETTLE_MS = 200;
const RECENT_CALLS = 50;
const ACTIVE = PHASES.filter((phase) => phase !== "ended");
const MOST_ACTIVE = 1_000;

/** What has become of the calls, for any number of listeners at once: each reads at its own pace, and equal reads are shared. */
export class CallFeed {
  readonly #store: CallStore;
  readonly #reads = new Map<number, Promise<CallChanges | undefined>>();
  readonly #closing = new AbortController();
  #wakes = 0;
  #wake: () => void = () => undefined;
  #woken = this.#sleep();
  #stop: (() => void) | undefined;

  constructor(store: CallStore) {
    this.#store = store;
  }

  get closed(): AbortSignal {
    return this.#closing.signal;
  }

  /** How often something may have changed so far: hand it to `changed`, to miss nothing in between. */
  get wakes(): number {
    this.#stop ??= this.#store.onChange(() => this.wake());
    return this.#wakes;
  }

  /** Resolves when something may have changed after that many wakes; soon, or at once. */
  async changed(wakes: number, signal: AbortSignal): Promise<void> {
    const aborted = new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
    if (this.#wakes === wakes) await Promise.race([this.#woken, aborted]);
    if (!signal.aborted) await pause(SETTLE_MS, undefined, { signal }).catch(() => undefined);
  }

  /** Active calls and the last ended ones, newest first. */
  async snapshot(): Promise<CallChanges> {
    const revision = await this.#store.revision();
    const active = await this.#store.list({ states: ACTIVE, limit: MOST_ACTIVE });
    const ended = await this.#store.list({ states: ["ended"], limit: RECENT_CALLS });
    return { revision, records: withoutTwins([...active.records, ...ended.records]) };
  }

  /** What has changed since; undefined = take a snapshot. */
  since(revision: number): Promise<CallChanges | undefined> {
    const underWay = this.#reads.get(revision);
    if (underWay !== undefined) return underWay;
    const read = this.#store.changedSince(revision).finally(() => this.#reads.delete(revision));
    this.#reads.set(revision, read);
    return read;
  }

  close(): void {
    this.#stop?.();
    this.#closing.abort();
    this.wake();
  }

  /** Has every listener look. */
  wake(): void {
    this.#wakes++;
    this.#wake();
    this.#woken = this.#sleep();
  }

  #sleep(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}

/** A call may end between the two lists: then it is in both, and what was read later is right. */
function withoutTwins(records: readonly CallRecord[]): CallRecord[] {
  return [...new Map(records.map((record) => [record.context.callId, record])).values()];
}
