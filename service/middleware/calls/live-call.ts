import { TIMERS } from "@trunkline/shared";
import type { CallState, Mark, RoomView, Step } from "./call-model.ts";
import { giveUp, giveUpRoom, LEG_ENDED, same, step } from "./call-moves.ts";
import { reasonOfLegEnd } from "./media-timeout.ts";

/** A caller and an agent who talk: is one of them missing? */
export function liveTick(state: CallState, at: number, room: RoomView): Step {
  if (room.isEmpty) return nobodyThere(state, at);
  const { emptySince, ...inhabited } = state;
  const known = emptySince === undefined ? state : inhabited;
  if (!room.callerPresent) return legMissing(known, at);
  const { legMissingSince, ...present } = known;
  const seen = legMissingSince === undefined ? known : present;
  return room.agentReady ? agentThere(seen) : agentMissing(seen, at, room);
}

/**
 * Nobody is listed where two were: either both have gone, of which jambonz' hooks tell, or LiveKit's lists are lost while they talk
 * on (seen: its Redis emptied). Nobody can tell; what would hang up has to wait.
 */
function nobodyThere(state: CallState, at: number): Step {
  if (state.emptySince === undefined) return step({ ...state, emptySince: at });
  return at - state.emptySince >= TIMERS.emptyRoomMs ? giveUpRoom(state, at, "the room is empty") : same(state);
}

/** The leg's end is told by a webhook that is not repeated when it is lost. */
function legMissing(state: CallState, at: number): Step {
  const since = state.legMissingSince ?? at;
  if (at - since >= TIMERS.legGoneMs) return giveUpRoom(state, at, reasonOfLegEnd(state, since, LEG_ENDED));
  return state.legMissingSince === undefined ? step({ ...state, legMissingSince: at }) : same(state);
}

function agentThere(state: CallState): Step {
  const { agentMissingSince, ...back } = state;
  return agentMissingSince === undefined ? same(state) : step(back);
}

/**
 * One new dispatch, as soon as there is somebody to take it: LiveKit does not repeat it. The second loss, or a new agent who does not come,
 * ends the leg and with it the conversation. An agent that is known to be dead is not waited for.
 */
function agentMissing(state: CallState, at: number, { agentDead: isDead = false, noWorker = false }: RoomView): Step {
  const since = state.agentMissingSince ?? at;
  const isNews = state.agentMissingSince === undefined;
  const seen = isNews ? { ...state, agentMissingSince: at } : state;
  if (!(isNews && isDead) && at - since < TIMERS.agentLostMs) return step(seen);
  const { agentReplacedAt, replacedEarly } = seen;
  const marks: Mark[] = replacedEarly ? [] : ["agent.lost"];
  if (agentReplacedAt === undefined && noWorker) {
    if (at - since < TIMERS.agentReturnMs) return step(seen);
    const lost = giveUp({ ...seen, abandoned: true }, at, "the agent was lost, and there is no other");
    return { ...lost, marks: [...marks, ...lost.marks] };
  }
  if (agentReplacedAt === undefined) return step({ ...seen, agentReplacedAt: at }, ["replaceAgent"], marks);
  const lostAgain = since > agentReplacedAt;
  if (!lostAgain && at - agentReplacedAt < TIMERS.agentReturnMs) return step(seen);
  return giveUp({ ...seen, abandoned: true }, at, "the agent was lost");
}
