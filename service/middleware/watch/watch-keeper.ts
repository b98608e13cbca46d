import { setTimeout as pause } from "node:timers/promises";
import { type Logger, TIMERS } from "@trunkline/shared";
import type { CallRecord } from "../calls/call-record.ts";
import { type CallState, isToBeMoved, isWatched } from "../calls/call-state.ts";
import { reasonOf } from "../errors.ts";
import type { CallStore } from "../store/call-store.ts";
import type { Holders } from "./holders.ts";

/** Who has died while this instance looked away is found all the same. */
const LOOK_ROUND_MS = 15_000;

export interface WatchKeeperParts {
  readonly store: Pick<CallStore, "active" | "update">;
  readonly holders: Holders;
  /** Starts the watch on a call; nothing new where it is watched already. */
  readonly watch: (record: CallRecord) => void;
  readonly log: Logger;
}

/** Whom nothing but live call control reaches is looked after until then. */
function isKept(state: CallState): boolean {
  return isWatched(state) || isToBeMoved(state);
}

/** Sees to it that every call under way is watched by one instance, which lives: takes over what a dead one has left. */
export class WatchKeeper {
  readonly #parts: WatchKeeperParts;
  readonly #closing = new AbortController();

  constructor(parts: WatchKeeperParts) {
    this.#parts = parts;
  }

  /** Works until closed. */
  start(): void {
    void this.#work();
  }

  /** Others take the calls at once. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#parts.holders.resign().catch(() => undefined);
  }

  /** Watches the calls that nobody watches, each in a write of its own: of several instances one gets it. */
  async takeFree(): Promise<void> {
    const { store, holders, watch } = this.#parts;
    const active = await store.active();
    for (const record of active.filter((one) => isKept(one.state))) {
      if (this.#closing.signal.aborted) return;
      const kept = holders.isFree(record) ? await store.update(record.context.callId, holders.claim, record) : record;
      if (kept !== undefined && holders.isOwn(kept)) watch(kept);
    }
  }

  /** A store that is away is asked again: the first look is not lost with it. */
  async #work(): Promise<void> {
    const { signal } = this.#closing;
    let lookedAt = Number.NEGATIVE_INFINITY;
    while (!signal.aborted) {
      try {
        const hasLost = await this.#parts.holders.beat();
        const isDue = performance.now() - lookedAt >= LOOK_ROUND_MS;
        if (hasLost || isDue) await this.takeFree();
        if (hasLost || isDue) lookedAt = performance.now();
      } catch (error) {
        lookedAt = Number.NEGATIVE_INFINITY;
        this.#parts.log.error({ reason: reasonOf(error) }, "Calls under way were not taken over");
      }
      await pause(TIMERS.holderBeatMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }
}
