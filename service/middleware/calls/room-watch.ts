import { setTimeout as pause } from "node:timers/promises";
import { TIMERS } from "@trunkline/shared";
import type { CallRooms } from "../livekit/client.ts";
import type { RoomSight } from "../livekit/views.ts";
import { Pulse } from "../policies/pulse.ts";
import type { CallRecord } from "./call-record.ts";
import { isWatched, lookAgainMs, type RoomView } from "./call-state.ts";

/** Reports what a room shows; answers with the call as it is then. */
type Report = (callId: string, seen: { room?: RoomView }) => Promise<CallRecord | undefined>;

/** Told about each agent that is taken out of its room because it shows no heartbeat any more. */
type OnDead = (callId: string, identity: string) => void;

/** Looks into the rooms of calls until they are over. One look at a time per call. */
export class RoomWatch {
  readonly #rooms: CallRooms;
  readonly #report: Report;
  readonly #onDead: OnDead;
  /** By call: what ends its present pause. */
  readonly #watched = new Map<string, AbortController>();
  readonly #closing = new AbortController();

  constructor(rooms: CallRooms, report: Report, onDead: OnDead) {
    this.#rooms = rooms;
    this.#report = report;
    this.#onDead = onDead;
  }

  isWatching(callId: string): boolean {
    return this.#watched.has(callId);
  }

  /** Resolves when the call needs no watch any more; at once if it is watched already. */
  async start(callId: string): Promise<void> {
    if (this.#watched.has(callId)) return;
    this.#watched.set(callId, new AbortController());
    const pulse = new Pulse();
    try {
      for (let ms: number | undefined = 0; ms !== undefined; ms = await this.#look(callId, pulse))
        await this.#rest(callId, ms);
    } finally {
      this.#watched.delete(callId);
    }
  }

  /** Looks at once if the call is watched here: somebody has heard of a change. */
  lookNow(callId: string): void {
    this.#watched.get(callId)?.abort();
  }

  close(): void {
    this.#closing.abort();
    for (const resting of this.#watched.values()) resting.abort();
  }

  /**
   * The pause before the next look, undefined when none is needed. A look that fails shows nothing, but time goes on: the limits
   * hold while LiveKit is away. A store that fails is asked again.
   */
  async #look(callId: string, pulse: Pulse): Promise<number | undefined> {
    const sight = await this.#rooms.lookInto(callId).catch(() => undefined);
    const room = sight && (await this.#withoutDead(callId, sight, pulse));
    if (this.#closing.signal.aborted) return undefined;
    const record = await this.#report(callId, room === undefined ? {} : { room }).catch(() => "unknown" as const);
    if (record === "unknown") return TIMERS.livePollMs;
    return record !== undefined && isWatched(record.state) ? lookAgainMs(record.state) : undefined;
  }

  /** Takes dead agents out: the next agent would leave the room to them. */
  async #withoutDead(callId: string, sight: RoomSight, pulse: Pulse): Promise<RoomView> {
    const dead = new Set(pulse.lifeless(sight.agents, performance.now()));
    if (dead.size === 0 || this.#closing.signal.aborted) return sight;
    for (const identity of dead) {
      this.#onDead(callId, identity);
      await this.#rooms.removeAgent(callId, identity).catch(() => undefined);
    }
    const agentReady = sight.agents.some(({ identity, ready }) => ready && !dead.has(identity));
    return { ...sight, agentReady, agentDead: true };
  }

  async #rest(callId: string, ms: number): Promise<void> {
    if (ms === 0 || this.#closing.signal.aborted) return;
    const resting = new AbortController();
    this.#watched.set(callId, resting);
    await pause(ms, undefined, { signal: resting.signal }).catch(() => undefined);
  }
}
