import { setTimeout as pause } from "node:timers/promises";
import { type AgentWord, type CallContext, clockMs, newCallId, TIMERS } from "@trunkline/shared";
import { reasonOf } from "../errors.ts";
import type { FlowSettings } from "../flows/settings.ts";
import { apologise, apologiseWithoutFile, callerIdOver, fallbackVerbs } from "../jambonz/fallback.ts";
import { type HookUrls, hooksAfterMove } from "../jambonz/hook-urls.ts";
import type { CallOrigin } from "../jambonz/origin.ts";
import {
  decline,
  dialElsewhere,
  hangUp,
  holdMusic,
  leaveQueue,
  longHoldMusic,
  musicForSecondTry,
  type Verb,
} from "../jambonz/verbs.ts";
import { failureOf } from "../livekit/failure.ts";
import { isRefusal } from "../policies/retry.ts";
import type { Phrase } from "../speech/sentences.ts";
import type { Creation } from "../store/call-store.ts";
import { type CallRecord, newRecord } from "./call-record.ts";
import { CallRunner, type CallRunnerParts } from "./call-runner.ts";
import { type CallEvent, isJoined, isOver } from "./call-state.ts";
import { eventOfStatus, isFinal, type LegStatus } from "./leg-status.ts";
import type { RoomStock } from "./standby-rooms.ts";

const REPEATED_WEBHOOK_POLL_MS = 25;

export interface CallServiceParts extends CallRunnerParts {
  settings: FlowSettings;
  standby: RoomStock;
}

/** What the webhook tells of a call; its id comes with its room. */
export type CallDetails = Omit<CallContext, "callId">;

/** How a dial ended, as jambonz tells it. */
export interface DialResult {
  /** Of the dialled leg: completed, failed, busy, no-answer. */
  dialStatus: string;
  /** Of the caller's leg: trying, in-progress, or over. */
  callerStatus: string;
  /** Of the dialled leg. */
  sipStatus?: number | undefined;
  /** How often the caller had been moved before. */
  moves: number;
}

/** Answers jambonz's hooks: what happens to a call goes to the runner, what follows for the caller comes back as verbs. */
export class CallService {
  readonly #parts: CallServiceParts;
  readonly #runner: CallRunner;
  /** As the last new call found it. */
  #isFull = false;

  constructor(parts: CallServiceParts) {
    this.#parts = parts;
    this.#runner = new CallRunner(parts);
  }

  /** A new call. The same `callSid` again, also at the same time, gets the same room and the same answer. */
  async open(callSid: string, details: CallDetails, hooks: HookUrls, origin: CallOrigin = {}): Promise<Verb[]> {
    const { settings, standby } = this.#parts;
    const { mediaTimeoutMs } = settings;
    const announcementMs = settings.calls.speech.spokenMs("announcement", details.called);
    const isServed = settings.calls.isServed(details.called);
    const ahead = this.#isFull || !isServed ? undefined : standby.take(); // a room that is taken in vain is lost
    const context = { ...details, callId: ahead ?? newCallId() };
    const watcher = this.#parts.holders.own;
    const call = newRecord({ callSid, origin, context, watcher, announcementMs, mediaTimeoutMs, at: clockMs() });
    const { record, created, isFull } = await this.#keep(call, ahead);
    if (!created) return this.#repeatAnswer(record, hooks);
    this.#runner.log.mark(record, "webhook.received");
    if (isFull || !isServed) return this.#answer(record, isServed ? full() : notServed(), hooks);
    return this.#answer(record, await this.#prepare(record, ahead !== undefined), hooks);
  }

  /** What a caller in the queue hears next. A call that is over or unknown leaves the queue. */
  async waiting(callSid: string, moves: number): Promise<Verb[]> {
    const record = await this.#told(callSid, moves, { type: "caller.waiting", at: clockMs() });
    if (record === "lost") return longHoldMusic();
    if (record === undefined || isOver(record.state)) return leaveQueue();
    // Without live call control the next wait hook is the only way to reach a caller in the queue.
    return this.#parts.control === undefined ? holdMusic() : longHoldMusic();
  }

  /** What the leg that LiveKit has sent is to do. Only the first leg of a known, live call is joined with its caller. */
  async agentLeg(callId: string, legSid: string, hooks: HookUrls): Promise<Verb[]> {
    const record = await this.#runner.happened(callId, { type: "leg.arrived", at: clockMs(), legSid });
    if (record === undefined) return decline(404, "Unknown call");
    if (isJoined(record.state) && record.state.legSid === legSid)
      return this.#parts.flows[record.context.flow].join(record.context, record.callSid, hooks);
    return isOver(record.state) ? decline(487, "Caller gone") : decline(486, "Leg not expected");
  }

  /** What a caller who has left the queue hears. */
  async queueLeft(callSid: string, result: string, moves: number, hooks: HookUrls): Promise<Verb[]> {
    const record = await this.#told(callSid, moves, { type: "queue.left", at: clockMs(), result });
    if (record === "lost") return [];
    const { phase, transferTo, movedAt } = record?.state ?? {};
    if (movedAt !== undefined) return []; // the verbs of the rescue are running
    if (result === "bridged" && transferTo !== undefined) return [this.#dialOn(transferTo, record, hooks)];
    return phase === "ended" ? hangUp() : this.#fallback(record, true, hooks);
  }

  /** What a caller gets whose dial to LiveKit has ended. */
  async dialDone(
    callSid: string,
    { dialStatus, callerStatus, sipStatus, moves }: DialResult,
    hooks: HookUrls,
  ): Promise<Verb[]> {
    const at = clockMs();
    const left = isFinal(callerStatus);
    const record = await this.#told(
      callSid,
      left ? undefined : moves,
      left
        ? { type: "caller.ended", at, reason: callerStatus }
        : { type: "dial.done", at, status: dialStatus, sipStatus },
    );
    if (record === "lost") return [];
    // In a dial that rang, these verbs would take the place of the rescue's (jambonz-live, section 10).
    if (record?.state.movedAt !== undefined && !left) return [];
    const isOverNow = record === undefined ? dialStatus === "completed" : record.state.phase === "ended";
    if (isOverNow || left) return hangUp();
    if (record?.state.phase === "dialling") return [...holdMusic(), ...this.#answerAgain(record, hooks)];
    return this.#fallback(record, callerStatus === "in-progress", hooks);
  }

  /** What a caller gets who is moved on because the agent is out of reach. Never nothing: jambonz would hang up. */
  async rescued(callSid: string, answered: boolean, hooks: HookUrls): Promise<Verb[]> {
    const record = await this.#runner.happenedTo(callSid, { type: "caller.moved", at: clockMs() });
    if (record?.state.phase === "ended") return hangUp();
    if (record === undefined || isOver(record.state)) return this.#fallback(record, answered, hooks);
    if (record.earlier !== undefined) return this.#answerAgain(record, hooks);
    return this.#parts.flows[record.context.flow].answer(record.context, hooks);
  }

  #answerAgain({ context, state }: CallRecord, hooks: HookUrls): Verb[] {
    return this.#parts.flows[context.flow].answerAgain(context, hooksAfterMove(hooks, state.moves ?? 0));
  }

  /**
   * What a hook tells of its call. `lost`: it is about what was cut when the caller was put to the agent again, and nothing follows from it.
   * @param moves undefined: what it tells is about the caller
   */
  async #told(callSid: string, moves: number | undefined, event: CallEvent): Promise<CallRecord | "lost" | undefined> {
    const record = await this.#runner.findBySid(callSid);
    const isOfNow = record?.earlier === undefined || moves === undefined || moves === record.state.moves;
    if (!isOfNow) return "lost";
    return record && this.#runner.happened(record, event);
  }

  /** What the leg that asked for a transfer does next (callback), or its caller (dial); the target was judged before. */
  async transfer(legSid: string, target: string, hooks: HookUrls): Promise<Verb[]> {
    const record = await this.#runner.happenedTo(legSid, { type: "transfer.asked", at: clockMs(), target });
    return record?.context.flow === "callback" ? hangUp() : [this.#dialOn(target, record, hooks)];
  }

  /** Connects the caller to another number, over the carrier the call came in on. */
  #dialOn(target: string, record: CallRecord | undefined, { fallbackDone }: HookUrls): Verb {
    const carrier = record?.context.carrier;
    const callerId = callerIdOver(carrier, this.#parts.settings.calls);
    return dialElsewhere(target, { actionHook: fallbackDone, carrier, callerId });
  }

  /** What a caller gets whose call was given to somebody else. */
  async fallbackDone(callSid: string, { dialStatus, callerStatus }: DialResult, hooks: HookUrls): Promise<Verb[]> {
    if (dialStatus === "completed") return hangUp();
    const record = await this.#parts.store.findBySid(callSid).catch(() => undefined);
    const answered = callerStatus === "in-progress";
    return apologise(this.#parts.settings.calls, { answered, called: record?.context.called, hooks });
  }

  /** What a caller gets whom a file was to be played to that jambonz could not fetch; none = the next verb follows. */
  async notSpoken(callSid: string, phrase: Phrase, answered: boolean, hooks: HookUrls): Promise<Verb[]> {
    const record = await this.#parts.store.findBySid(callSid).catch(() => undefined);
    const called = record?.context.called;
    const { calls } = this.#parts.settings;
    if (phrase === "apology") return apologiseWithoutFile(calls, { answered, called, hooks });
    const [, ...rest] = record?.answer ?? [];
    const early = record?.context.flow === "dial";
    return rest.length === 0 ? [] : [...calls.speech.withoutFile("announcement", { called, hooks, early }), ...rest];
  }

  /** A leg has changed its status; legs of unknown calls are ignored. */
  async legStatus(status: LegStatus): Promise<void> {
    const { sid, parentSid } = status;
    const record = (await this.#runner.findBySid(sid)) ?? (parentSid && (await this.#runner.findBySid(parentSid)));
    const event = record ? eventOfStatus(record, status, clockMs()) : undefined;
    if (record && event) await this.#runner.happened(record, event);
  }

  /** Somebody has left a call's room, as LiveKit or the agent says. */
  somebodyLeft(callId: string): void {
    this.#runner.somebodyLeft(callId);
  }

  /** What a call's agent has told of itself, or LiveKit of it; of an unknown call: nothing. */
  async agentTold(word: AgentWord): Promise<void> {
    const { callId } = word;
    const at = clockMs();
    if (word.what === "left") this.somebodyLeft(callId);
    else if (word.what === "report") await this.#runner.reported(callId, word.report);
    else await this.#runner.happened(callId, { type: word.what === "ready" ? "agent.ready" : "agent.failed", at });
  }

  /** The agents of these calls may be dead. */
  suspect(callIds: readonly string[]): void {
    this.#runner.suspect(callIds);
  }

  /** Ends a call of which nothing more will be heard. */
  closeCall(callId: string, reason: string): Promise<CallRecord | undefined> {
    return this.#runner.happened(callId, { type: "caller.ended", at: clockMs(), reason });
  }

  /** Watches a call that an earlier life of this instance, or another one, has left. */
  watch(record: CallRecord): void {
    this.#runner.watch(record);
  }

  /** Calls that have not ended, oldest first. */
  active(): Promise<CallRecord[]> {
    return this.#parts.store.active();
  }

  close(): Promise<void> {
    return this.#runner.close();
  }

  /** @param ahead given up if this call does not need it after all: a repeated webhook, one call too many, a store that is away. */
  async #keep(call: CallRecord, ahead: string | undefined): Promise<Creation & { isFull: boolean }> {
    const { store, standby, settings } = this.#parts;
    let isNeeded = false;
    try {
      const kept = await store.create(call);
      const isFull = kept.active > settings.calls.maxConcurrentCalls;
      this.#isFull = isFull;
      isNeeded = kept.created && !isFull;
      return { ...kept, isFull };
    } finally {
      if (ahead !== undefined && !isNeeded) standby.drop(ahead);
    }
  }

  /** What became of the call's room. Too late = none; it is removed as soon as it is there. */
  async #prepare({ context, callSid }: CallRecord, isAhead: boolean): Promise<CallEvent> {
    const { callId } = context;
    const { rooms } = this.#parts;
    this.#runner.log.info({ callId, callSid, standby: isAhead }, "Pre-registering call with LiveKit API");
    const room = (isAhead ? rooms.giveRoom(context) : rooms.createCallRoom(context)).then(roomCreated, roomFailed);
    const inTime = await within(TIMERS.webhookDeadlineMs, room);
    if (inTime !== undefined) return inTime;
    this.#runner.inBackground(
      room.then((event) => this.#runner.happened(callId, event)),
      { callId },
    );
    return tooLate();
  }

  /** Decides the answer, once, by what has happened; whoever comes later gets what was decided. */
  async #answer(call: CallRecord, event: CallEvent, hooks: HookUrls): Promise<Verb[]> {
    const kept = await this.#runner.happened(call, event, (record) =>
      record.answer === undefined ? this.#decided(record, hooks) : record,
    );
    if (kept?.state.phase === "ended") return [...(kept.answer ?? hangUp())]; // an ended call is kept without its answer
    const moment = { answered: false, called: call.context.called, hooks, mayDial: false };
    return [...(kept?.answer ?? fallbackVerbs(this.#parts.settings.calls, moment))];
  }

  #decided(record: CallRecord, hooks: HookUrls): CallRecord {
    const { state, context } = record;
    if (state.phase === "ended") return { ...record, answer: hangUp() };
    if (!isOver(state)) return { ...record, answer: this.#parts.flows[context.flow].answer(context, hooks) };
    return { ...record, answer: this.#fallback(record, false, hooks) };
  }

  #fallback(record: CallRecord | undefined, answered: boolean, hooks: HookUrls): Verb[] {
    const { carrier, called } = record?.context ?? {};
    const moment = { answered, carrier, called, hooks, mayDial: true };
    const verbs = fallbackVerbs(this.#parts.settings.calls, moment);
    return record && this.#runner.isTriedAgain(record) ? [...musicForSecondTry(answered), ...verbs] : verbs;
  }

  async #repeatAnswer(record: CallRecord, hooks: HookUrls): Promise<Verb[]> {
    const { callId } = record.context;
    const deadline = record.state.startedAt + TIMERS.webhookDeadlineMs;
    for (let kept: CallRecord | undefined = record; kept !== undefined && clockMs() < deadline; ) {
      if (kept.answer !== undefined) return [...kept.answer];
      await pause(REPEATED_WEBHOOK_POLL_MS);
      kept = await this.#parts.store.get(callId);
    }
    return this.#answer(record, tooLate(), hooks);
  }
}

const roomCreated = (): CallEvent => ({ type: "room.created", at: clockMs() });
const roomFailed = (error: unknown): CallEvent => ({
  type: "room.failed",
  at: clockMs(),
  reason: reasonOf(error),
  isRefused: isRefusal(failureOf(error)),
});
const tooLate = (): CallEvent => roomFailed(new Error("LiveKit did not answer in time"));
const full = (): CallEvent => ({ type: "refused", at: clockMs(), reason: "too many calls at once" });
const notServed = (): CallEvent => ({ type: "refused", at: clockMs(), reason: "the called number is not declared" });

/** What the work comes to, undefined if it takes longer than that; it goes on. */
function within<Result>(ms: number, work: Promise<Result>): Promise<Result | undefined> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms, undefined); // plain: an aborted pause costs a twentieth of a webhook
    void work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
