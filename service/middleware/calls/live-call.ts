import { TIMERS } from "@trunkline/shared";
import type { CallState, RoomView, Step } from "./call-model.ts";
import { giveUp, same, step } from "./call-moves.ts";

/** A caller and an agent who talk: is one of them missing? */
export function liveTick(state: CallState, at: number, room: RoomView): Step {
  if (!room.callerPresent) return legMissing(state, at);
  const { legMissingSince, ...present } = state;
  const seen = legMissingSince === undefined ? state : present;
  return room.agentReady ? agentThere(seen) : agentMissing(seen, at, room.agentDead === true);
}

/** The leg's end is told by a webhook that is not repeated when it is lost. */
function legMissing(state: CallState, at: number): Step {
  const since = state.legMissingSince ?? at;
  if (at - since >= TIMERS.legGoneMs) return giveUp(state, at, "the agent's leg has ended");
  return state.legMissingSince === undefined ? step({ ...state, legMissingSince: at }) : same(state);
}

function agentThere(state: CallState): Step {
  const { agentMissingSince, ...back } = state;
  return agentMissingSince === undefined ? same(state) : step(back);
}

/**
 * One new dispatch; the second loss, or a new agent who does not come, ends the leg and with it the conversation.
 * @param isDead known to be, so that there is nothing to wait for
 */
function agentMissing(state: CallState, at: number, isDead: boolean): Step {
  const since = state.agentMissingSince ?? at;
  const isNews = state.agentMissingSince === undefined;
  const seen = isNews ? { ...state, agentMissingSince: at } : state;
  if (!(isNews && isDead) && at - since < TIMERS.agentLostMs) return step(seen);
  const { agentReplacedAt, replacedEarly } = seen;
  if (agentReplacedAt === undefined)
    return step({ ...seen, agentReplacedAt: at }, ["replaceAgent"], replacedEarly ? [] : ["agent.lost"]);
  const lostAgain = since > agentReplacedAt;
  if (!lostAgain && at - agentReplacedAt < TIMERS.agentReturnMs) return step(seen);
  return giveUp({ ...seen, abandoned: true }, at, "the agent was lost");
}
