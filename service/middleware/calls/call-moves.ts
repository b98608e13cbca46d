import { type CallState, type Effect, isOver, type Mark, type Phase, type Step } from "./call-model.ts";

/** By the agent, by the caller, or by whoever lost the way between LiveKit and jambonz. */
export const LEG_ENDED = "the agent's leg has ended";

/** A livekit-sip or livekit-server has died: the agent hears nothing from it. */
export const LEG_LOST = "LiveKit lost the agent's leg";

/** The caller is still there: the next wait hook will get `leave`, or the leg ends and the action hook the fallback. */
export function giveUp(state: CallState, at: number, reason: string): Step {
  return step({ ...enter(state, "leaving", at), reason }, ["deleteRoom"]);
}

/** The same where LiveKit, or the way to it, is why. */
export function giveUpRoom(state: CallState, at: number, reason: string): Step {
  return giveUp({ ...state, lostAt: at }, at, reason);
}

export function fallBack(state: CallState, at: number, reason: string): Step {
  if (state.phase === "fallback" || state.phase === "ended") return same(state);
  const effects: Effect[] = state.phase === "leaving" ? [] : ["deleteRoom"];
  return step({ ...enter(state, "fallback", at), reason }, effects, ["call.fallback"]);
}

export function end(state: CallState, at: number, reason: string): Step {
  if (state.phase === "ended") return same(state);
  const effects: Effect[] = isOver(state) ? [] : ["deleteRoom"];
  return step({ ...enter(state, "ended", at), reason: state.reason ?? reason }, effects, ["call.ended"]);
}

export function enter(state: CallState, phase: Phase, at: number): CallState {
  return { ...state, phase, phaseSince: at };
}

export function step(state: CallState, effects: readonly Effect[] = [], marks: readonly Mark[] = []): Step {
  return { state, effects, marks };
}

export function same(state: CallState): Step {
  return step(state);
}
