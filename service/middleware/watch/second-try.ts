import { setTimeout as pause } from "node:timers/promises";
import { callIdOfTry, clockMs, type Logger, TIMERS } from "@trunkline/shared";
import { type CallRecord, secondTry } from "../calls/call-record.ts";
import { reasonOf } from "../errors.ts";
import type { CallRooms } from "../livekit/client.ts";
import type { CallStore } from "../store/call-store.ts";

export interface SecondTriesParts {
  readonly rooms: Pick<CallRooms, "createCallRoom">;
  readonly store: Pick<CallStore, "create">;
  /** This instance: it watches the second try, too. */
  readonly watcher: string;
  /** Told of the call that has taken the lost one's place. */
  readonly onMade: (next: CallRecord, lostId: string) => Promise<unknown>;
  /** Sees to it that there is no room of this name, also where LiveKit makes it only later. */
  readonly drop: (callId: string) => void;
  readonly log: Pick<Logger, "warn">;
}

/** Whether another room is being tried for the caller of this call. There is one second try, not a third. */
export function isTriedAgain({ earlier, state: { lostAt, phase } }: CallRecord): boolean {
  const isLost = lostAt !== undefined && earlier === undefined && phase !== "ended";
  return isLost && clockMs() - lostAt < TIMERS.secondTryMs;
}

/**
 * Makes another room, of another name, for callers whose LiveKit was out of reach: LiveKit keeps a room on the server that it was given to,
 * also when that one is dead, and gives rooms to a dead server for 5 s. So each try has a name of its own.
 */
export class SecondTries {
  readonly #parts: SecondTriesParts;
  readonly #closing = new AbortController();
  readonly #underWay = new Set<string>();

  constructor(parts: SecondTriesParts) {
    this.#parts = parts;
  }

  close(): void {
    this.#closing.abort();
  }

  /** Resolves when the caller has another room, or nothing more is tried; at once if that is under way already. */
  async make(lost: CallRecord): Promise<void> {
    const { callId } = lost.context;
    if (this.#underWay.has(callId)) return;
    this.#underWay.add(callId);
    try {
      for (let nth = 2; isTriedAgain(lost) && !this.#closing.signal.aborted; nth++)
        if (await this.#tryOnce(lost, callIdOfTry(callId, nth))) return;
    } finally {
      this.#underWay.delete(callId);
    }
  }

  /** Whether that is all. */
  async #tryOnce(lost: CallRecord, callId: string): Promise<boolean> {
    const { rooms, store, watcher, onMade, drop, log } = this.#parts;
    try {
      await rooms.createCallRoom({ ...lost.context, callId });
      const next = secondTry(lost, callId, watcher, clockMs());
      const { created } = await store.create(next);
      if (created) await onMade(next, lost.context.callId);
      else drop(callId); // the caller has left meanwhile
      return true;
    } catch (error) {
      drop(callId); // an answer that was lost may have been a room
      log.warn({ callId: lost.context.callId, reason: reasonOf(error) }, "There is no other room for a caller yet");
      await pause(TIMERS.secondTryPauseMs, undefined, { signal: this.#closing.signal }).catch(() => undefined);
      return false;
    }
  }
}
