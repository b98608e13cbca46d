import { setTimeout as pause } from "node:timers/promises";
import { clockMs, isCallId, type Logger, TIMERS } from "@trunkline/shared";
import { reasonOf } from "../errors.ts";
import type { CallRooms, LiveRoom } from "../livekit/client.ts";
import type { CallStore } from "../store/call-store.ts";
import type { CallRecord } from "./call-record.ts";
import { isJoined } from "./call-state.ts";
import { whyOverdue } from "./overdue.ts";

const EVERY_MS = 30_000;
/** A room is made before its record is changed, and an agent may come late: younger ones are nobody's business. */
const ROOM_GRACE_MS = 120_000;
/** Whoever keeps a room for calls to come replaces it in time: older ones have lost their keeper. */
const STANDBY_GRACE_MS = TIMERS.standbyRenewMs + ROOM_GRACE_MS;
const LIMIT_GRACE_MS = 60_000;
/** A LiveKit that has lost its lists knows of new rooms only; what is missing for so long is gone. */
const UNLISTED_MS = 90_000;

export interface JanitorParts {
  readonly store: CallStore;
  readonly rooms: Pick<CallRooms, "listCallRooms" | "lookInto" | "deleteRoom">;
  /** Ends a call's record, with everything that belongs to its end. */
  readonly end: (callId: string, reason: string) => Promise<unknown>;
  readonly callLimitSeconds: number;
  readonly fallbackDials: boolean;
  /** Whether the agent of a call has just told that it is with it: then its room is there, whatever LiveKit lists. */
  readonly isTold?: (callId: string) => boolean;
  readonly log: Logger;
}

/** Compares the store with LiveKit's rooms, every half a minute, and closes what is over but was never said to be. */
export class Janitor {
  readonly #parts: JanitorParts;
  readonly #closing = new AbortController();
  #round: Promise<void> = Promise.resolve();
  /** Since when LiveKit lists no room of any call under way, ms since 1970. */
  #unlistedSince: number | undefined;

  constructor(parts: JanitorParts) {
    this.#parts = parts;
  }

  /** Works until closed. Instances take turns by chance: none starts at the same moment. */
  start(): void {
    void this.#work();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#round;
  }

  /** One comparison. A store or LiveKit that is away is no reason to fail: the next one comes. */
  async reconcile(now = clockMs()): Promise<void> {
    try {
      const rooms = await this.#parts.rooms.listCallRooms();
      const active = await this.#parts.store.active();
      await this.#closeCalls(active, rooms, now);
      const live = new Set(active.map(({ context }) => context.callId));
      await this.#parts.store.prune();
      for (const room of rooms.filter(({ callId }) => !live.has(callId)))
        await this.#removeIfLeft(room, now).catch((error) => this.#stays(room, error));
    } catch (error) {
      this.#parts.log.warn({ reason: reasonOf(error) }, "Calls and rooms could not be compared");
    }
  }

  async #work(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      this.#round = this.reconcile();
      await this.#round;
      await pause(EVERY_MS * (0.75 + Math.random() / 2), undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  async #closeCalls(active: readonly CallRecord[], rooms: readonly LiveRoom[], now: number): Promise<void> {
    const withRoom = new Set(rooms.map(({ callId }) => callId));
    const isDoubtful = this.#isDoubtful(active, withRoom, now);
    for (const record of active) {
      const { callId } = record.context;
      const hasRoom = isDoubtful || withRoom.has(callId) || this.#parts.isTold?.(callId) === true;
      const reason = this.#whyOver(record, hasRoom, now);
      if (reason === undefined) continue;
      this.#parts.log.warn({ callId, phase: record.state.phase, reason }, "Closing a call that is over");
      await this.#parts.end(callId, reason);
    }
  }

  /**
   * Whether rooms that are not listed say nothing: half of several or more are missing at once, or all there are. LiveKit has lost its lists
   * then, while people talk on (seen: its Redis emptied); or all calls have ended without a hook, which stays so.
   */
  #isDoubtful(active: readonly CallRecord[], listed: ReadonlySet<string>, now: number): boolean {
    const joined = active.filter(({ state }) => isJoined(state)).map(({ context }) => context.callId);
    const missing = joined.filter((callId) => !listed.has(callId)).length;
    const isOutage = missing > 0 && (missing === joined.length || (missing > 1 && missing * 2 >= joined.length));
    this.#unlistedSince = isOutage ? (this.#unlistedSince ?? now) : undefined;
    return isOutage && now - (this.#unlistedSince ?? now) < UNLISTED_MS;
  }

  #whyOver({ state }: CallRecord, hasRoom: boolean, now: number): string | undefined {
    const { callLimitSeconds, fallbackDials } = this.#parts;
    return whyOverdue(state, { hasRoom, now, callLimitMs: callLimitSeconds * 1_000, fallbackDials });
  }

  /** A room that cannot be removed (its server was killed a moment ago) keeps no other room. */
  #stays({ callId }: LiveRoom, error: unknown): void {
    this.#parts.log.warn({ callId, reason: reasonOf(error) }, "A room that was left could not be removed");
  }

  /**
   * Removes the room of a call that is over (an agent that came too late has opened it again, without a mark), or an old room of this
   * stack whose record was lost. With a caller in it, that one is a conversation: it goes on until the call limit. A room without mark and
   * record belongs to another application, or to a call of a middleware that set no marks: LiveKit closes it when everybody has left.
   */
  async #removeIfLeft({ callId, createdAt, isStandby, isMarked }: LiveRoom, now: number): Promise<void> {
    const { store, rooms, callLimitSeconds, log } = this.#parts;
    if (!isCallId(callId)) return;
    const record = await store.get(callId);
    if (record === undefined && !isMarked) return;
    const graceMs = isStandby ? STANDBY_GRACE_MS : ROOM_GRACE_MS;
    if (record === undefined ? now - createdAt < graceMs : record.state.phase !== "ended") return;
    const mayTalk = now - createdAt < callLimitSeconds * 1_000 + LIMIT_GRACE_MS;
    if (record === undefined && mayTalk && (await rooms.lookInto(callId)).callerPresent) return;
    log.warn({ callId, known: record !== undefined }, "Removing a room that was left");
    await rooms.deleteRoom(callId);
  }
}
