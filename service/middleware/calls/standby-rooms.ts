import { setTimeout as pause } from "node:timers/promises";
import { clockMs, type Logger, newCallId, TIMERS } from "@trunkline/shared";
import { reasonOf } from "../errors.ts";
import type { CallRooms } from "../livekit/client.ts";
import type { RoomSight } from "../livekit/views.ts";
import { Pulse } from "../policies/pulse.ts";

export interface StandbyParts {
  readonly rooms: Pick<CallRooms, "createStandbyRoom" | "lookInto" | "deleteRoom">;
  /** How many rooms are kept, 0 or more. Each takes one of the agent's calls. */
  readonly count: number;
  /** Whether the agent in a room tells by itself that it lives: then nobody looks. */
  readonly isTold?: (callId: string) => boolean;
  readonly log: Logger;
}

/** Where new calls get rooms that were made before they came. */
export interface RoomStock {
  /** The call id of a room whose agent waits, which is the caller's from now on; undefined: none is ready. */
  take(): string | undefined;
  /** Gives up a room that was taken in vain. */
  drop(callId: string): void;
}

interface StandbyRoom {
  readonly callId: string;
  readonly madeAt: number;
  /** When a living agent was last seen in it; at first, when it was made. */
  seenAt: number;
  isReady: boolean;
  readonly pulse: Pulse;
}

type Limits = Pick<
  typeof TIMERS,
  "agentPollMs" | "livePollMs" | "standbyAgentMs" | "standbyBackOffMs" | "standbyRefillMs" | "standbyRenewMs"
>;

/**
 * Rooms with an agent, made ahead of their calls: nobody waits for LiveKit to choose a worker, nor for the agent's way in. Each instance
 * keeps its own; those of an instance that was killed are removed by another one's janitor, or by LiveKit.
 */
export class StandbyRooms implements RoomStock {
  readonly #parts: StandbyParts;
  readonly #limits: { readonly [name in keyof Limits]: number };
  readonly #kept = new Map<string, StandbyRoom>();
  readonly #closing = new AbortController();
  /** When rooms were taken that are not to be replaced yet. */
  #takenAt: readonly number[] = [];
  #makeAfter = 0;
  #work: Promise<void> = Promise.resolve();

  /** @param limits for tests: others than TIMERS has. */
  constructor(parts: StandbyParts, limits: { [name in keyof Limits]?: number } = {}) {
    this.#parts = parts;
    this.#limits = { ...TIMERS, ...limits };
  }

  /** How many could be taken now. */
  get ready(): number {
    return [...this.#kept.values()].filter(({ isReady }) => isReady).length;
  }

  /** Works until closed. */
  start(): void {
    if (this.#parts.count > 0) this.#work = this.#keepUp();
  }

  take(): string | undefined {
    const room = [...this.#kept.values()].find(({ isReady }) => isReady);
    if (room === undefined) return undefined;
    this.#kept.delete(room.callId);
    this.#takenAt = [...this.#takenAt, clockMs()];
    return room.callId;
  }

  drop(callId: string): void {
    void this.#remove(callId);
  }

  /** Removes all rooms that were not taken. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#work;
    await Promise.all([...this.#kept.keys()].map((callId) => this.#remove(callId)));
  }

  async #keepUp(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      await Promise.all([...this.#kept.values()].map((room) => this.#look(room)));
      if (!signal.aborted) await this.#fill();
      const ms = this.ready < this.#kept.size ? this.#limits.agentPollMs : this.#limits.livePollMs;
      await pause(ms, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  /** A room that was just taken is not missed yet: the next one would cost the agent time that the call needs now. */
  get #missing(): number {
    const since = clockMs() - this.#limits.standbyRefillMs;
    this.#takenAt = this.#takenAt.filter((at) => at > since);
    return this.#parts.count - this.#kept.size - this.#takenAt.length;
  }

  async #fill(): Promise<void> {
    while (this.#missing > 0 && clockMs() >= this.#makeAfter) {
      const [callId, now] = [newCallId(), clockMs()];
      const room = { callId, madeAt: now, seenAt: now, isReady: false, pulse: new Pulse() };
      const error = await this.#parts.rooms.createStandbyRoom(callId).catch((failure: unknown) => failure);
      if (error !== undefined) return this.#failsToMake(callId, error);
      this.#kept.set(callId, room);
    }
  }

  /** The room may be there all the same: an answer that came too late shall not leave an agent waiting for nobody. */
  async #failsToMake(callId: string, error: unknown): Promise<void> {
    this.#fails(callId, reasonOf(error));
    await this.#remove(callId);
  }

  /** A look that fails shows no agent: calls take the usual way while LiveKit is away. */
  async #look(room: StandbyRoom): Promise<void> {
    if (room.isReady && this.#parts.isTold?.(room.callId)) room.seenAt = clockMs();
    else await this.#lookInto(room);
    if (!this.#kept.has(room.callId)) return; // a call has it
    const now = clockMs();
    if (now - room.seenAt >= this.#limits.standbyAgentMs) await this.#lose(room);
    else if (now - room.madeAt >= this.#limits.standbyRenewMs) await this.#giveUp(room);
  }

  async #lookInto(room: StandbyRoom): Promise<void> {
    const sight = await this.#parts.rooms.lookInto(room.callId).catch(() => undefined);
    room.isReady = sight !== undefined && hasLivingAgent(sight, room.pulse);
    if (room.isReady) room.seenAt = clockMs();
  }

  async #lose(room: StandbyRoom): Promise<void> {
    this.#fails(room.callId, "no agent is in the room");
    await this.#giveUp(room);
  }

  async #giveUp({ callId }: StandbyRoom): Promise<void> {
    this.#kept.delete(callId);
    await this.#remove(callId);
  }

  #fails(callId: string, reason: string): void {
    this.#makeAfter = clockMs() + this.#limits.standbyBackOffMs;
    this.#parts.log.warn({ callId, reason }, "No agent stands by: calls wait for theirs");
  }

  async #remove(callId: string): Promise<void> {
    await this.#parts.rooms
      .deleteRoom(callId)
      .catch((error) => this.#parts.log.warn({ callId, reason: reasonOf(error) }, "A room could not be removed"));
  }
}

/** An agent shows its heartbeat as soon as it is in the room. */
function hasLivingAgent({ agents }: RoomSight, pulse: Pulse): boolean {
  const dead = pulse.lifeless(agents, performance.now());
  return agents.some(({ identity, beat }) => beat !== undefined && !dead.includes(identity));
}
