import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { Logger } from "@trunkline/shared";
import { reasonOf } from "../errors.ts";
import type { CallStore } from "../store/call-store.ts";
import { isWatched } from "./call-state.ts";

const EVERY_MS = 4_000;
/** Two rounds may fail before another instance takes the call over. */
const CLAIM_MS = 10_000;

export interface WatchKeeperParts {
  readonly store: Pick<CallStore, "active" | "claim">;
  /** Starts the watch on a call; nothing new where it is watched already. */
  readonly watch: (callId: string) => void;
  readonly log: Logger;
}

/**
 * Sees to it that every call under way is watched by an instance that lives. Calls in a queue are taken over at their next hook; one
 * that is through has none. Each instance claims the calls that it watches; a claim that was not renewed is free.
 */
export class WatchKeeper {
  readonly #parts: WatchKeeperParts;
  readonly #holder = randomUUID();
  readonly #closing = new AbortController();

  constructor(parts: WatchKeeperParts) {
    this.#parts = parts;
  }

  /** Works until closed. */
  start(): void {
    void this.#work();
  }

  close(): void {
    this.#closing.abort();
  }

  /** Watches every call: after a start nobody can tell which ones were this instance's. */
  async takeAll(): Promise<void> {
    for (const callId of await this.#underWay()) this.#parts.watch(callId);
  }

  /** Watches the calls that no other instance has claimed, and claims them. */
  async takeUnclaimed(): Promise<void> {
    const { store, watch } = this.#parts;
    const callIds = await this.#underWay();
    if (callIds.length === 0) return;
    for (const callId of await store.claim(callIds, this.#holder, CLAIM_MS)) watch(callId);
  }

  async #underWay(): Promise<string[]> {
    const active = await this.#parts.store.active();
    return active.filter(({ state }) => isWatched(state)).map(({ context }) => context.callId);
  }

  /** A store that is away is asked again: the first look is not lost with it. */
  async #work(): Promise<void> {
    const { signal } = this.#closing;
    let hasAll = false;
    while (!signal.aborted) {
      await (hasAll ? this.takeUnclaimed() : this.takeAll()).then(
        () => {
          hasAll = true;
        },
        (error) => this.#parts.log.error({ reason: reasonOf(error) }, "Calls under way were not taken over"),
      );
      await pause(EVERY_MS, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }
}
