import { setTimeout as pause } from "node:timers/promises";
import { TIMERS } from "@trunkline/shared";
import type { CallStore, KnownPulse } from "../store/call-store.ts";

const EVERY_MS = 500;
/** What was read longer ago than this says nothing of now: the store is away, or this instance was frozen. */
const FRESH_MS = 3_000;

/** What the agent's workers say of themselves: which of them live, and whose calls are with them. */
export class AgentPulses {
  readonly #store: Pick<CallStore, "pulses">;
  readonly #onLost: (callIds: readonly string[]) => void;
  readonly #closing = new AbortController();
  #living: readonly KnownPulse[] = [];
  #calls: ReadonlySet<string> = new Set();
  #readAt = Number.NEGATIVE_INFINITY;
  /** Whether any worker has ever told anything: those of another agent do not. */
  #isKnown = false;

  /** @param onLost told once of calls that no worker has any more: theirs has fallen silent, or has lost them, or they have ended */
  constructor(store: Pick<CallStore, "pulses">, onLost: (callIds: readonly string[]) => void) {
    this.#store = store;
    this.#onLost = onLost;
  }

  /** Works until closed. */
  start(): void {
    void this.#work();
  }

  close(): void {
    this.#closing.abort();
  }

  /** Whether the agent of a call tells by itself how it goes; without a call: whether any agent does. */
  isTold(callId?: string): boolean {
    if (performance.now() - this.#readAt > FRESH_MS) return false;
    return callId === undefined ? this.#living.length > 0 : this.#calls.has(callId);
  }

  /** How many workers live, and how many calls they could take now; undefined where none has ever told, or nobody can say. */
  get fleet(): { workers: number; free: number } | undefined {
    if (!this.#isKnown || performance.now() - this.#readAt > FRESH_MS) return undefined;
    return { workers: this.#living.length, free: this.#living.reduce((sum, { free }) => sum + free, 0) };
  }

  async read(): Promise<void> {
    const known = await this.#store.pulses();
    const living = known.filter(({ ageMs }) => ageMs < TIMERS.workerLostMs);
    const before = this.#calls;
    this.#isKnown ||= known.length > 0;
    this.#living = living;
    this.#calls = new Set(living.flatMap(({ calls }) => calls));
    this.#readAt = performance.now();
    const orphans = [...before].filter((callId) => !this.#calls.has(callId));
    if (orphans.length > 0) this.#onLost(orphans);
  }

  async #work(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      await this.read().catch(() => undefined); // a store that is away says nothing of the agents
      await pause(EVERY_MS, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }
}
