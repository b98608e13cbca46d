import { setTimeout as pause } from "node:timers/promises";
import { type AgentReport, type CallContext, type CallFlow, clockMs, type Logger, TIMERS } from "@trunkline/shared";
import { reasonOf } from "../errors.ts";
import type { Flow } from "../flows/flow.ts";
import type { LiveCallControl } from "../jambonz/live-call-control.ts";
import type { CallRooms } from "../livekit/client.ts";
import { Adrift } from "../store/adrift.ts";
import type { CallStore, Change } from "../store/call-store.ts";
import type { AgentPulses } from "../watch/agent-pulses.ts";
import type { Holders } from "../watch/holders.ts";
import { Rescue } from "../watch/rescue.ts";
import { RoomRounds } from "../watch/room-rounds.ts";
import { RoomWatch } from "../watch/room-watch.ts";
import { isTriedAgain, SecondTries } from "../watch/second-try.ts";
import { type CallLog, callLog } from "./call-log.ts";
import type { CallRecord } from "./call-record.ts";
import {
  type CallEvent,
  type CallState,
  type Effect,
  isJoined,
  isToBeMoved,
  type Phase,
  type RoomView,
  type Step,
  transition,
} from "./call-state.ts";

export interface CallRunnerParts {
  store: CallStore;
  /** Which instance watches which call. */
  holders: Holders;
  /** What the agents tell of themselves. */
  pulses: Pick<AgentPulses, "isTold" | "fleet">;
  rooms: CallRooms;
  /** Undefined: jambonz cannot be told to move a caller on. */
  control: Pick<LiveCallControl, "move"> | undefined;
  flows: Record<CallFlow, Flow>;
  log: Logger;
}

const unchanged: Change = (record) => record;
/** At a call's end both sides leave the room, and hooks tell why: only who is still together then is looked for. */
const LEFT_MS = 400;

/** Lets events change calls, and does what the state machine says is to be done. */
export class CallRunner {
  readonly log: CallLog;
  readonly #parts: CallRunnerParts;
  readonly #watch: RoomWatch;
  readonly #running = new Set<Promise<void>>();
  readonly #closing = new AbortController();

  readonly #rounds: RoomRounds;
  readonly #rescue: Rescue;
  readonly #adrift: Adrift;
  readonly #secondTries: SecondTries;

  constructor(parts: CallRunnerParts) {
    this.#parts = parts;
    this.log = callLog(parts.log);
    this.#watch = new RoomWatch({
      rooms: parts.rooms,
      report: (callId, seen) => this.#seen(callId, seen),
      onDead: (callId, identity) =>
        this.log.warn({ callId, identity }, "An agent shows no heartbeat: taking it out of the room"),
      isOwn: (record) => parts.holders.isOwn(record),
      isTold: (callId) => parts.pulses.isTold(callId),
      hasNoWorker: () => parts.pulses.fleet?.workers === 0,
    });
    this.#rounds = new RoomRounds({
      rooms: parts.rooms,
      joined: () => this.#watch.joined,
      look: (callId) => this.#watch.lookNow(callId),
      log: parts.log,
    });
    this.#rounds.start();
    this.#adrift = new Adrift(parts.store);
    this.#rescue = new Rescue({
      control: parts.control,
      read: async (callId) => this.#adrift.get(callId) ?? parts.store.get(callId),
      onGone: (callId) =>
        this.happened(callId, { type: "caller.ended", at: clockMs(), reason: "jambonz has no such call any more" }),
      log: parts.log,
    });
    this.#secondTries = new SecondTries({
      rooms: parts.rooms,
      store: parts.store,
      watcher: parts.holders.own,
      drop: (callId) => this.#drop(callId),
      onMade: (next, lostId) => this.#putAgain(next, lostId),
      log: parts.log,
    });
  }

  /** Whether a caller whose LiveKit was out of reach is about to be put to the agent again; not without a store, which has to know. */
  isTriedAgain(record: CallRecord): boolean {
    const isKept = this.#adrift.get(record.context.callId) === undefined;
    return isKept && this.#parts.control !== undefined && isTriedAgain(record);
  }

  /**
   * Lets an event change a call; logs what is new, starts what is to be done, returns the record as it is now.
   * @param call its id, or its record as it was a moment ago: if it is still the same, it is not read again.
   * @param further what is kept of the call in the same write; pure, as a store's `change` has to be.
   * @param isWanted the event changes nothing of a call of which this is not so; also pure
   */
  async happened(
    call: string | CallRecord,
    event: CallEvent,
    further = unchanged,
    isWanted = (_record: CallRecord) => true,
  ): Promise<CallRecord | undefined> {
    const [callId, last] = typeof call === "string" ? [call] : [call.context.callId, call];
    let step: Step | undefined;
    let before: Phase | undefined;
    const change: Change = (current) => {
      step = undefined;
      if (!isWanted(current)) return current;
      before = current.state.phase;
      step = transition(current.state, event);
      return further(withStep(current, step, event.at));
    };
    const record = this.#adrift.update(callId, change) ?? (await this.#parts.store.update(callId, change, last));
    if (record !== undefined) this.#watch.changed(record);
    if (record === undefined || step === undefined) return record;
    for (const mark of step.marks) this.log.mark(record, mark);
    if (step.state.phase === "leaving" && before !== "leaving") this.#giveUp(record);
    if (step.state.lostAt === event.at) this.#tryAgain(record);
    for (const effect of step.effects) this.inBackground(this.#perform(effect, record), { callId, effect });
    return record;
  }

  #tryAgain(record: CallRecord): void {
    if (this.isTriedAgain(record)) this.inBackground(this.#secondTries.make(record), { callId: record.context.callId });
  }

  #drop(callId: string): void {
    this.#rounds.expectGone(callId);
    this.inBackground(this.#parts.rooms.deleteRoom(callId), { callId });
  }

  /** The record that has the caller now first: a hook that comes meanwhile finds it. */
  async #putAgain(next: CallRecord, lostId: string): Promise<void> {
    this.#free(next);
    await this.happened(lostId, { type: "call.again", at: clockMs() });
  }

  #giveUp(record: CallRecord): void {
    this.log.gaveUp(record);
    this.#free(record);
  }

  #free(record: CallRecord): void {
    this.inBackground(this.#rescue.free(record), { callId: record.context.callId });
  }

  /** The same for a call that is known by the call_sid of one of its legs. */
  async happenedTo(sid: string, event: CallEvent): Promise<CallRecord | undefined> {
    const record = await this.findBySid(sid);
    return record && this.happened(record, event);
  }

  async findBySid(sid: string): Promise<CallRecord | undefined> {
    return this.#adrift.findBySid(sid) ?? this.#parts.store.findBySid(sid);
  }

  /** What the agent tells of a call. Of a caller in silence it is heard also while the store is away, if this instance watches the call. */
  async reported(callId: string, report: AgentReport): Promise<CallRecord | undefined> {
    const event = { type: "agent.reported", at: clockMs(), report } as const;
    try {
      return await this.happened(callId, event);
    } catch (error) {
      const known = this.#watch.recordOf(callId);
      if (!report.legLost || known === undefined || this.#parts.control === undefined) throw error;
      this.log.warn(
        { callId, reason: reasonOf(error) },
        "The store is away, and a caller in silence: moving the caller on without it",
      );
      this.inBackground(this.#adrift.keep(known), { callId });
      return this.happened(callId, event);
    }
  }

  /** Watches a call of this instance that is under way; nothing new where it is watched already. */
  watch(record: CallRecord): void {
    const { callId } = record.context;
    if (isToBeMoved(record.state)) {
      this.#free(record);
      this.#tryAgain(record);
    } else if (!this.#watch.isWatching(callId)) this.inBackground(this.#watch.start(record), { callId });
  }

  /** Somebody seems to have left the call's room. */
  somebodyLeft(callId: string): void {
    this.inBackground(this.#lookAfterLeaving(callId), { callId });
  }

  /** The agents of these calls may be dead. Those of another instance are its own to find out about. */
  suspect(callIds: readonly string[]): void {
    for (const callId of callIds) this.#watch.suspect(callId);
  }

  inBackground(work: Promise<unknown>, about: object): void {
    const task: Promise<void> = work
      .then(() => undefined)
      .catch((error) => this.log.warn({ ...about, reason: reasonOf(error) }, "A step of a call failed"))
      .finally(() => this.#running.delete(task));
    this.#running.add(task);
  }

  /** Stops watching and waits for what is under way; calls stay in the store. */
  async close(): Promise<void> {
    this.#watch.close();
    this.#rounds.close();
    this.#rescue.close();
    this.#adrift.close();
    this.#secondTries.close();
    this.#closing.abort();
    await Promise.allSettled([...this.#running]);
  }

  #perform(effect: Effect, record: CallRecord): Promise<unknown> {
    const { context } = record;
    const { rooms } = this.#parts;
    switch (effect) {
      case "watch":
        return this.#watchIfFree(record);
      case "checkDispatch":
        return rooms.ensureDispatch(context).then((anew) => anew && this.log.dispatchedAgain(record));
      case "replaceAgent":
        return rooms.replaceAgent(context).then(() => this.log.dispatchedAgain(record));
      case "connect":
        return this.#connect(context);
      case "connectAgain":
        return this.#pause(TIMERS.secondTryPauseMs).then(() => this.#connectAgain(context.callId));
      case "deleteRoom":
        return this.#deleteRoom(record);
    }
  }

  /** A call that another instance watches, which lives, is left to it. */
  async #watchIfFree(record: CallRecord): Promise<void> {
    const { holders, store } = this.#parts;
    const { callId } = record.context;
    const kept = holders.isFree(record) ? await store.update(callId, holders.claim, record) : record;
    if (kept !== undefined && holders.isOwn(kept)) await this.#watch.start(kept);
  }

  /** What a watch has seen, or that time has passed; another instance's call is not changed by it. */
  #seen(callId: string, seen: { room?: RoomView }): Promise<CallRecord | undefined> {
    const { holders } = this.#parts;
    const event = { type: "tick", at: clockMs(), ...seen } as const;
    return this.happened(callId, event, unchanged, (record) => holders.isOwn(record));
  }

  async #lookAfterLeaving(callId: string): Promise<void> {
    await this.#pause(LEFT_MS);
    const record = await this.#parts.store.get(callId);
    if (record === undefined || !isJoined(record.state) || this.#closing.signal.aborted) return;
    if (this.#watch.isWatching(callId)) this.#watch.lookNow(callId);
    else await this.#lookOnce(callId);
  }

  /** Into the room of another instance's call, which has not heard of this. */
  async #lookOnce(callId: string): Promise<void> {
    const room = await this.#parts.rooms.lookInto(callId);
    await this.happened(callId, { type: "tick", at: clockMs(), room });
  }

  /**
   * The leg first, so that the agent leaves by itself; it is gone where the caller is, and not there before it was asked for. Then the
   * room. An agent that was just being let in opens it anew, and a LiveKit that is away does not hear: the rounds look after that.
   */
  async #deleteRoom({ context, state }: CallRecord): Promise<void> {
    const { rooms } = this.#parts;
    const { callId } = context;
    if (mayHaveLeg(state)) await rooms.removeLeg(context).catch(() => undefined); // deleting the room ends it, too
    await this.#pause(TIMERS.agentLeavesMs);
    this.#rounds.expectGone(callId);
    await rooms.deleteRoom(callId);
  }

  /** Shorter when the middleware stops. */
  async #pause(ms: number): Promise<void> {
    await pause(ms, undefined, { signal: this.#closing.signal }).catch(() => undefined);
  }

  /** Unless the caller has left meanwhile. */
  async #connectAgain(callId: string): Promise<void> {
    const record = await this.#parts.store.get(callId);
    if (record?.state.phase === "dialling") await this.#connect(record.context);
  }

  async #connect(context: CallContext): Promise<void> {
    try {
      const livekitCallId = await this.#parts.flows[context.flow].connect(context);
      await this.happened(context.callId, { type: "leg.created", at: clockMs(), livekitCallId });
    } catch (error) {
      await this.happened(context.callId, { type: "leg.failed", at: clockMs(), reason: reasonOf(error) });
    }
  }
}

function withStep(record: CallRecord, { state, marks }: Step, at: number): CallRecord {
  if (state === record.state) return record;
  return { ...record, state, timeline: [...record.timeline, ...marks.map((event) => ({ event, at }))] };
}

/** LiveKit's leg ends with the caller's, unless it still rings. */
function mayHaveLeg({ phase, legCreatedAt, legSid }: CallState): boolean {
  if (phase === "ended") return legCreatedAt !== undefined && legSid === undefined;
  return (legCreatedAt ?? legSid) !== undefined;
}
