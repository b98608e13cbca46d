import { TIMERS } from "@trunkline/shared";
import { type CallState, isJoined } from "../calls/call-state.ts";

/** What a watch does next, unless it hears of something first. */
export interface NextStep {
  readonly afterMs: number;
  /** Whether the room is looked into then: one request. Else only the time has passed, which ends some phases. */
  readonly isLook: boolean;
}

export interface ScheduleView {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** How often the room was looked into in this phase. */
  readonly looks: number;
  /** Whether the agent tells by itself: of this call, or, while it waits for its agent, of any. */
  readonly isTold: boolean;
  /** Whether the agent may be dead. */
  readonly isSuspect: boolean;
}

/** A limit that has passed just now, and a store that did not answer then, are no reason to hurry. */
const SHORTEST_MS = 100;
/** For what nobody tells: the record was changed by another instance. */
const LONGEST_MS = 30_000;
/** While LiveKit's leg is being made, or rings. */
const LEG_LOOK_MS = 2_000;

/**
 * When a call's room is looked into: where something is missing, or is about to. All else is told: by jambonz' hooks, by the agent, by
 * LiveKit's webhooks, by the list of all rooms.
 */
export function nextStep(state: CallState, view: ScheduleView): NextStep {
  const { afterMs, isLook } = wanted(state, view);
  return { afterMs: Math.min(Math.max(afterMs, SHORTEST_MS), LONGEST_MS), isLook };
}

function wanted(state: CallState, view: ScheduleView): NextStep {
  if (isJoined(state)) return joined(state, view);
  if (state.phase === "dialling" && state.flow === "callback") return callback(state, view);
  return state.agentReady ? agentReady(state, view) : awaitingAgent(state, view);
}

function joined(state: CallState, { looks, isTold, isSuspect }: ScheduleView): NextStep {
  const isMissing = state.agentMissingSince ?? state.legMissingSince;
  if (isMissing !== undefined || isSuspect) return look(TIMERS.missingLookMs);
  if (state.emptySince !== undefined) return look(LEG_LOOK_MS);
  // LiveKit's id of the leg, which a support ticket needs, stands in the room only.
  if (state.livekitCallId === undefined && looks === 0) return look(LEG_LOOK_MS);
  return isTold ? rest(LONGEST_MS) : look(TIMERS.untoldLookMs);
}

/** jambonz tells of the leg as soon as it arrives; one that was rejected is only missing in the room. */
function callback(state: CallState, { now, looks }: ScheduleView): NextStep {
  const limitAt = state.phaseSince + TIMERS.ringingSeconds * 1_000 + TIMERS.legGraceMs;
  if (state.legCreatedAt === undefined) return rest(Math.min(limitAt - now, LEG_LOOK_MS));
  const firstAt = state.legCreatedAt + TIMERS.legGoneMs;
  return look(looks === 0 ? firstAt - now : Math.min(LEG_LOOK_MS, limitAt - now));
}

/** callback: the caller is not in the queue yet. dial: jambonz' call has not been answered, of which a hook tells. */
function agentReady(state: CallState, { now }: ScheduleView): NextStep {
  if (state.phase === "waiting") return rest(state.assumeInQueueAt - now);
  const limitAt = Math.max(state.agentReadyAt ?? now, state.ringingAt ?? now) + TIMERS.dialAnswerMs;
  return look(Math.min(2 * LEG_LOOK_MS, limitAt - now));
}

function awaitingAgent(state: CallState, { now, looks, isTold }: ScheduleView): NextStep {
  const pauses = TIMERS.agentLooksMs;
  const afterMs = isTold ? TIMERS.toldAgentLookMs : (pauses[looks] ?? pauses.at(-1) ?? 0);
  const limits = [state.lastDispatchAt + TIMERS.agentRedispatchMs, state.startedAt + TIMERS.agentLimitMs];
  const ahead = limits.map((at) => at - now).filter((ms) => ms > 0);
  return look(Math.min(afterMs, ...ahead));
}

function look(afterMs: number): NextStep {
  return { afterMs, isLook: true };
}

function rest(afterMs: number): NextStep {
  return { afterMs, isLook: false };
}
