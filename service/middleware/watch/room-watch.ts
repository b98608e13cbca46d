import { setTimeout as pause } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { clockMs, TIMERS } from "@trunkline/shared";
import type { CallRecord } from "../calls/call-record.ts";
import { type CallState, isJoined, isWatched, type RoomView } from "../calls/call-state.ts";
import type { CallRooms } from "../livekit/client.ts";
import type { RoomSight } from "../livekit/views.ts";
import { Pulse } from "../policies/pulse.ts";
import { type NextStep, nextStep } from "./look-schedule.ts";

export interface RoomWatchParts {
  readonly rooms: Pick<CallRooms, "lookInto" | "removeAgent">;
  /** Reports what a room shows, or only that time has passed; answers with the call as it is then. */
  readonly report: (callId: string, seen: { room?: RoomView }) => Promise<CallRecord | undefined>;
  /** Told about each agent that is taken out of its room because it shows no heartbeat any more. */
  readonly onDead: (callId: string, identity: string) => void;
  /** Whether the call is still this instance's. */
  readonly isOwn: (record: CallRecord) => boolean;
  /** Whether the agent of this call, or any agent at all, tells by itself how it goes. */
  readonly isTold: (callId: string | undefined) => boolean;
  /** Whether workers of the agent have told, and none does any more. */
  readonly hasNoWorker: () => boolean;
}

/** By then an agent that tells by itself has told. */
const DOUBT_MS = 1_000;
/** Of a store that does not answer. */
const STORE_AGAIN_MS = 1_000;

/** One call under watch. */
class Watched {
  record: CallRecord;
  /** How often the room was looked into in this phase. */
  looks = 0;
  isSuspect = false;
  isNudged = false;
  /** Whether it was taken over from another instance: what became of its agent meanwhile, nobody has seen. */
  isDoubted: boolean;
  readonly pulse = new Pulse();
  #wake: () => void = () => undefined;

  constructor(record: CallRecord) {
    this.record = record;
    this.isDoubted = isJoined(record.state);
  }

  get state(): CallState {
    return this.record.state;
  }

  become(record: CallRecord): void {
    if (record.state.phase !== this.state.phase) this.looks = 0;
    this.record = record;
  }

  wake(): void {
    this.#wake();
  }

  async rest(ms: number): Promise<void> {
    if (this.isNudged) return;
    const resting = new AbortController();
    this.#wake = () => resting.abort();
    await pause(ms, undefined, { signal: resting.signal }).catch(() => undefined);
  }
}

/**
 * Watches this instance's calls until they are over: waits for what is told of them, looks into a room where something is missing or is
 * about to. One look at a time per call.
 */
export class RoomWatch {
  readonly #parts: RoomWatchParts;
  readonly #watched = new Map<string, Watched>();
  #isClosing = false;

  constructor(parts: RoomWatchParts) {
    this.#parts = parts;
  }

  isWatching(callId: string): boolean {
    return this.#watched.has(callId);
  }

  /** A call under watch as it was last read. */
  recordOf(callId: string): CallRecord | undefined {
    return this.#watched.get(callId)?.record;
  }

  /** Calls in which caller and agent are together, and nothing is missing as far as is known. */
  get joined(): string[] {
    const isCalm = ([, { state }]: [string, Watched]) => isJoined(state) && state.legMissingSince === undefined;
    return [...this.#watched].filter(isCalm).map(([callId]) => callId);
  }

  /** Resolves when the call needs no watch any more; at once if it is watched already. */
  async start(record: CallRecord): Promise<void> {
    const { callId } = record.context;
    if (this.#watched.has(callId) || !isWatched(record.state)) return;
    const watched = new Watched(record);
    this.#watched.set(callId, watched);
    try {
      while (await this.#step(callId, watched));
    } finally {
      this.#watched.delete(callId);
    }
  }

  /** Looks at once if the call is watched here: somebody has heard of a change. */
  lookNow(callId: string): void {
    const watched = this.#watched.get(callId);
    if (watched === undefined) return;
    watched.isNudged = true;
    watched.wake();
  }

  /** The call's agent may be dead: looks at its heartbeat until that is decided. */
  suspect(callId: string): void {
    const watched = this.#watched.get(callId);
    if (watched === undefined || watched.isSuspect || !isJoined(watched.state)) return;
    watched.isSuspect = true;
    this.lookNow(callId);
  }

  /**
   * The call has changed: what is to be watched may have, too. One that was only read again has not: jambonz tells every second that a leg
   * rings, and a look that is put off each time never comes.
   */
  changed(record: CallRecord): void {
    const watched = this.#watched.get(record.context.callId);
    if (watched === undefined || isDeepStrictEqual(watched.state, record.state)) return;
    watched.become(record);
    watched.wake();
  }

  close(): void {
    this.#isClosing = true;
    for (const watched of this.#watched.values()) watched.wake();
  }

  /** Whether another one is needed. A store that fails is asked again. */
  async #step(callId: string, watched: Watched): Promise<boolean> {
    const { state } = watched;
    await watched.rest(this.#isClosing ? 0 : this.#next(callId, watched).afterMs);
    if (this.#isClosing) return false;
    if (watched.state !== state && !watched.isNudged) return isWatched(watched.state); // something else is to be watched
    const { isLook } = this.#next(callId, watched); // an agent may tell by itself since
    watched.isSuspect ||= watched.isDoubted && isLook;
    watched.isDoubted = false;
    const room = isLook || watched.isNudged ? await this.#look(callId, watched) : undefined;
    if (this.#isClosing) return false;
    const seen = room === undefined ? {} : { room: this.#parts.hasNoWorker() ? { ...room, noWorker: true } : room };
    const record = await this.#parts.report(callId, seen).catch(() => "unknown" as const);
    if (record === "unknown") return pause(STORE_AGAIN_MS).then(() => true);
    if (record === undefined || !this.#parts.isOwn(record)) return false;
    watched.become(record);
    return isWatched(record.state);
  }

  #next(callId: string, { state, looks, isSuspect, isDoubted }: Watched): NextStep {
    const isTold = this.#parts.isTold(isJoined(state) ? callId : undefined);
    if (isDoubted) return { afterMs: DOUBT_MS, isLook: !isTold };
    return nextStep(state, { now: clockMs(), looks, isTold, isSuspect });
  }

  /** A look that fails shows nothing, but time goes on: the limits hold while LiveKit is away. */
  async #look(callId: string, watched: Watched): Promise<RoomView | undefined> {
    watched.isNudged = false;
    watched.looks++;
    const sight = await this.#parts.rooms.lookInto(callId).catch(() => undefined);
    return sight && this.#withoutDead(callId, sight, watched);
  }

  /** Takes dead agents out: the next agent would leave the room to them. */
  async #withoutDead(callId: string, sight: RoomSight, watched: Watched): Promise<RoomView> {
    const dead = new Set(this.#deadOf(sight, watched));
    if (dead.size === 0 || this.#isClosing) return sight;
    for (const identity of dead) {
      this.#parts.onDead(callId, identity);
      await this.#parts.rooms.removeAgent(callId, identity).catch(() => undefined);
    }
    const agentReady = sight.agents.some(({ identity, ready }) => ready && !dead.has(identity));
    return { ...sight, agentReady, agentDead: true };
  }

  /** A heart that beats again ends the suspicion; one that stood still between two rare looks is one. */
  #deadOf({ agents }: RoomSight, watched: Watched): string[] {
    const { pulse, isSuspect } = watched;
    const dead = pulse.lifeless(agents, performance.now(), isSuspect ? TIMERS.suspectLostMs : TIMERS.agentBeatLostMs);
    watched.isSuspect = dead.length === 0 && (pulse.hasStopped || (isSuspect && !pulse.isBeating));
    return dead;
  }
}
