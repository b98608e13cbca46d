import { setTimeout as pause } from "node:timers/promises";
import { clockMs, type Logger, TIMERS } from "@trunkline/shared";
import type { CallRooms, RoomCount } from "../livekit/client.ts";
import { judgeRound } from "./round-verdict.ts";

export interface RoomRoundsParts {
  readonly rooms: Pick<CallRooms, "countRooms" | "deleteRoom">;
  /** Ids of this instance's calls in which caller and agent are together. */
  readonly joined: () => readonly string[];
  readonly look: (callId: string) => void;
  readonly log: Pick<Logger, "info" | "warn">;
}

/** As many names as a request may have: some 6 KB, and 250 KB of answer. */
const MOST_NAMES = 250;
/** A single call may cost one request in this time, more share them. */
const CALL_MS = 12_500;
/** While the rooms of ended calls are all there is to look after. */
const ENDED_MS = 5_000;
const STEP_MS = 500;
/** Then the janitor goes on. */
const MOST_DELETIONS = 4;

interface Ended {
  dueAt: number;
  deletions: number;
}

/**
 * One list of rooms for all calls of this instance, again and again: whoever is missing in it is looked for, and a room that should be gone
 * is deleted again: an agent that was just being let in has opened it anew, or LiveKit was away when it was to be deleted.
 */
export class RoomRounds {
  readonly #parts: RoomRoundsParts;
  readonly #closing = new AbortController();
  readonly #ended = new Map<string, Ended>();
  #counts = new Map<string, RoomCount>();
  #nextAt = 0;
  #from = 0;
  #isOutage = false;

  constructor(parts: RoomRoundsParts) {
    this.#parts = parts;
  }

  /** Works until closed. */
  start(): void {
    void this.#work();
  }

  close(): void {
    this.#closing.abort();
  }

  /** The room of this call was deleted: looks whether it stays so. */
  expectGone(callId: string): void {
    this.#ended.set(callId, { dueAt: clockMs() + TIMERS.roomDeleteAgainMs, deletions: 0 });
  }

  /** One list, of the calls whose turn it is. A list that fails tells nothing. */
  async round(): Promise<void> {
    const { joined, ended } = this.#names();
    this.#nextAt = clockMs() + this.#periodMs(this.#parts.joined().length);
    if (joined.length + ended.length === 0) return;
    const found = await this.#parts.rooms.countRooms([...joined, ...ended]).catch(() => undefined);
    if (found === undefined || this.#closing.signal.aborted) return;
    this.#judge(joined, found);
    await this.#deleteAgain(ended, new Set(found.map(({ callId }) => callId)));
  }

  async #work(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      if (clockMs() >= this.#nextAt) await this.round();
      await pause(STEP_MS, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  #periodMs(joined: number): number {
    return joined === 0 ? ENDED_MS : Math.max(TIMERS.roomRoundMs, CALL_MS / joined);
  }

  #names(): { joined: string[]; ended: string[] } {
    const now = clockMs();
    const ended = [...this.#ended].filter(([, { dueAt }]) => dueAt <= now).map(([callId]) => callId);
    const all = this.#parts.joined();
    if (this.#from >= all.length) this.#from = 0;
    const joined = all.slice(this.#from, this.#from + MOST_NAMES);
    this.#from += MOST_NAMES;
    return { joined, ended: ended.slice(0, MOST_NAMES) };
  }

  #judge(joined: readonly string[], found: readonly RoomCount[]): void {
    const { look, isOutage } = judgeRound(joined, found, this.#counts);
    if (isOutage !== this.#isOutage) this.#tell(isOutage, joined.length);
    this.#isOutage = isOutage;
    if (isOutage) return;
    const all = new Set(this.#parts.joined());
    const kept = [...this.#counts].filter(([callId]) => all.has(callId));
    this.#counts = new Map([...kept, ...found.map((room): [string, RoomCount] => [room.callId, room])]);
    for (const callId of look) this.#parts.look(callId);
  }

  #tell(isOutage: boolean, calls: number): void {
    const { log } = this.#parts;
    if (isOutage)
      log.warn(
        { event: "rooms.unlisted", calls },
        "LiveKit lists hardly any room of the calls under way: nothing follows from it",
      );
    else log.info({ event: "rooms.listed", calls }, "LiveKit lists the rooms of the calls again");
  }

  async #deleteAgain(asked: readonly string[], found: ReadonlySet<string>): Promise<void> {
    for (const callId of asked) {
      const ended = this.#ended.get(callId);
      if (ended === undefined || !found.has(callId) || ended.deletions >= MOST_DELETIONS) this.#ended.delete(callId);
      else {
        this.#ended.set(callId, { dueAt: clockMs() + TIMERS.roomDeleteAgainMs, deletions: ended.deletions + 1 });
        await this.#parts.rooms.deleteRoom(callId).catch(() => undefined);
      }
    }
  }
}
