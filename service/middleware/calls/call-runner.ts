import { setTimeout as pause } from "node:timers/promises";
import { type CallContext, type CallFlow, clockMs, type Logger, TIMERS } from "@trunkline/shared";
import { reasonOf } from "../errors.ts";
import type { Flow } from "../flows/flow.ts";
import type { CallRooms } from "../livekit/client.ts";
import type { CallStore, Change } from "../store/call-store.ts";
import { type CallLog, callLog } from "./call-log.ts";
import type { CallRecord } from "./call-record.ts";
import { type CallEvent, type Effect, type Phase, type Step, transition } from "./call-state.ts";
import { RoomWatch } from "./room-watch.ts";

export interface CallRunnerParts {
  store: CallStore;
  rooms: CallRooms;
  flows: Record<CallFlow, Flow>;
  log: Logger;
}

const unchanged: Change = (record) => record;

/** Lets events change calls, and does what the state machine says is to be done. */
export class CallRunner {
  readonly log: CallLog;
  readonly #parts: CallRunnerParts;
  readonly #watch: RoomWatch;
  readonly #running = new Set<Promise<void>>();
  readonly #closing = new AbortController();

  constructor(parts: CallRunnerParts) {
    this.#parts = parts;
    this.log = callLog(parts.log);
    this.#watch = new RoomWatch(
      parts.rooms,
      (callId, room) => this.happened(callId, { type: "tick", at: clockMs(), ...room }),
      (callId, identity) =>
        this.log.warn({ callId, identity }, "An agent shows no heartbeat: taking it out of the room"),
    );
  }

  /**
   * Lets an event change a call; logs what is new, starts what is to be done, returns the record as it is now.
   * @param call its id, or its record as it was a moment ago: if it is still the same, it is not read again.
   * @param further what is kept of the call in the same write; pure, as a store's `change` has to be.
   */
  async happened(call: string | CallRecord, event: CallEvent, further = unchanged): Promise<CallRecord | undefined> {
    const [callId, last] = typeof call === "string" ? [call] : [call.context.callId, call];
    let step: Step | undefined;
    let before: Phase | undefined;
    const change: Change = (current) => {
      before = current.state.phase;
      step = transition(current.state, event);
      return further(withStep(current, step, event.at));
    };
    const record = await this.#parts.store.update(callId, change, last);
    if (record === undefined || step === undefined) return record;
    for (const mark of step.marks) this.log.mark(record, mark);
    if (step.state.phase === "leaving" && before !== "leaving") this.log.gaveUp(record);
    for (const effect of step.effects) this.inBackground(this.#perform(effect, record), { callId, effect });
    return record;
  }

  /** The same for a call that is known by the call_sid of one of its legs. */
  async happenedTo(sid: string, event: CallEvent): Promise<CallRecord | undefined> {
    const record = await this.#parts.store.findBySid(sid);
    return record && this.happened(record, event);
  }

  /** Watches a call that is under way; nothing new where it is watched already. */
  watch(callId: string): void {
    if (!this.#watch.isWatching(callId)) this.inBackground(this.#watch.start(callId), { callId });
  }

  lookNow(callId: string): void {
    this.#watch.lookNow(callId);
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
    this.#closing.abort();
    await Promise.allSettled([...this.#running]);
  }

  #perform(effect: Effect, record: CallRecord): Promise<unknown> {
    const { context } = record;
    const { rooms } = this.#parts;
    switch (effect) {
      case "watch":
        return this.#watch.start(context.callId);
      case "checkDispatch":
        return rooms.ensureDispatch(context).then((anew) => anew && this.log.dispatchedAgain(record));
      case "replaceAgent":
        return rooms.replaceAgent(context).then(() => this.log.dispatchedAgain(record));
      case "connect":
        return this.#connect(context);
      case "deleteRoom":
        return this.#deleteRoom(context.callId);
    }
  }

  /**
   * The leg first, so that the agent leaves by itself. Then the room, twice: an agent that was just being let in opens it anew, and a
   * LiveKit that was away has not heard the first time.
   */
  async #deleteRoom(callId: string): Promise<void> {
    const { rooms } = this.#parts;
    await rooms.removeLeg(callId).catch(() => undefined); // deleting the room ends it, too
    await this.#pause(TIMERS.agentLeavesMs);
    const failure = await rooms.deleteRoom(callId).catch((error: unknown) => ({ error }));
    await this.#pause(TIMERS.roomDeleteAgainMs);
    const isClosing = this.#closing.signal.aborted;
    if (failure && isClosing) throw failure.error;
    if (!isClosing) await rooms.deleteRoom(callId);
  }

  /** Shorter when the middleware stops. */
  async #pause(ms: number): Promise<void> {
    await pause(ms, undefined, { signal: this.#closing.signal }).catch(() => undefined);
  }

  async #connect(context: CallContext): Promise<void> {
    try {
      await this.#parts.flows[context.flow].connect(context);
      await this.happened(context.callId, { type: "leg.created", at: clockMs() });
    } catch (error) {
      await this.happened(context.callId, { type: "leg.failed", at: clockMs(), reason: reasonOf(error) });
    }
  }
}

function withStep(record: CallRecord, { state, marks }: Step, at: number): CallRecord {
  if (state === record.state) return record;
  return { ...record, state, timeline: [...record.timeline, ...marks.map((event) => ({ event, at }))] };
}
