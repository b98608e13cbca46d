import { TIMERS } from "@trunkline/shared";
import {
  type CallEvent,
  type CallState,
  isJoined,
  isOver,
  isWatched,
  type Mark,
  type RoomView,
  type Step,
} from "./call-model.ts";
import { end, enter, fallBack, giveUp, giveUpRoom, LEG_ENDED, LEG_LOST, same, step } from "./call-moves.ts";
import { liveTick } from "./live-call.ts";
import { reasonOfLegEnd } from "./media-timeout.ts";
import { dialFailure, isOutOfReach } from "./reasons.ts";
import { noteNews } from "./room-news.ts";

export * from "./call-model.ts";

type DialDone = Extract<CallEvent, { type: "dial.done" }>;

/** The one state machine of a call. An event that means nothing in a state returns that very state, without effects. */
export function transition(state: CallState, event: CallEvent): Step {
  return noteNews(moved(state, event), event);
}

function moved(state: CallState, event: CallEvent): Step {
  switch (event.type) {
    case "room.created":
      return roomCreated(state, event.at);
    case "refused":
      return state.phase === "preparing" ? fallBack(state, event.at, event.reason) : same(state);
    case "room.failed":
      return state.phase === "preparing" ? roomFailed(state, event) : same(state);
    case "call.again":
      return state.phase === "ended" ? same(state) : again(state, event.at);
    case "tick":
      return tick(state, event.at, event.room);
    case "agent.ready":
      return agentTold(state, event.at, { agentReady: true, callerPresent: false });
    case "agent.failed":
      return agentTold(state, event.at, { agentReady: false, callerPresent: false, agentFailed: true });
    case "agent.reported":
      return event.report.legLost && isJoined(state) ? giveUpRoom(state, event.at, LEG_LOST) : same(state);
    case "caller.waiting":
      return callerWaiting(state, event.at);
    case "caller.moved":
      return callerMoved(state, event.at);
    case "leg.created":
      return legCreated(state, event.at);
    case "leg.failed":
      return legFailed(state, event.at, event.reason);
    case "leg.dialled":
      return legDialled(state, event.at, event.legSid);
    case "leg.arrived":
      return legArrived(state, event.at, event.legSid);
    case "leg.answered":
      return legAnswered(state, event.at, event.legSid);
    case "leg.ended":
      return isWithLeg(state) ? legEnded(state, event.at, event.sipStatus) : same(state);
    case "transfer.asked":
      return isJoined(state) ? step({ ...state, transferTo: event.target }) : same(state);
    case "queue.left":
      return queueLeft(state, event.at, event.result);
    case "dial.done":
      return dialDone(state, event);
    case "caller.ended":
      return end(state, event.at, event.reason);
  }
}

function roomFailed(state: CallState, { at, reason, isRefused }: Extract<CallEvent, { type: "room.failed" }>): Step {
  return fallBack(isRefused ? state : { ...state, lostAt: at }, at, reason);
}

/** Its room is deleted already, and its caller's hooks are another record's. */
function again(state: CallState, at: number): Step {
  return step(enter(state, "ended", at), [], ["call.again", "call.ended"]);
}

function legEnded(state: CallState, at: number, sipStatus: number | undefined): Step {
  if (isDialledAgain(state, at)) return withoutLeg(state);
  const isDialled = state.phase === "dialling";
  const reason = (isDialled ? dialFailure(sipStatus) : undefined) ?? reasonOfLegEnd(state, at, LEG_ENDED);
  return isDialled && sipStatus !== undefined && isOutOfReach(sipStatus)
    ? giveUpRoom(state, at, reason)
    : giveUp(state, at, reason);
}

/** Whether a leg between jambonz and LiveKit is there, or on its way from jambonz. */
function isWithLeg(state: CallState): boolean {
  return isJoined(state) || (state.flow === "dial" && state.phase === "dialling");
}

function roomCreated(state: CallState, at: number): Step {
  if (state.phase === "preparing") {
    const next = state.flow === "dial" ? "dialling" : "waiting";
    return step({ ...enter(state, next, at), lastDispatchAt: at }, ["watch"], ["room.created"]);
  }
  return isOver(state) ? step(state, ["deleteRoom"]) : same(state); // made too late: nobody waits for it any more
}

/** What is told of the agent counts until the caller is with it: the same that a look would have shown later. */
function agentTold(state: CallState, at: number, room: RoomView): Step {
  const isAwaited = state.phase === "waiting" || (state.phase === "dialling" && state.flow === "dial");
  if (isAwaited) return tick(state, at, room);
  if (state.phase !== "preparing") return same(state);
  const { state: seen, marks } = noticeAgent(state, at, room); // faster than LiveKit's answer that the room is there
  return step(seen, [], marks);
}

function tick(state: CallState, at: number, room: RoomView | undefined): Step {
  if (state.phase === "waiting") return waitingTick(state, at, room);
  if (state.phase === "dialling")
    return state.flow === "dial" ? dialTick(state, at, room) : callbackTick(state, at, room);
  return isJoined(state) && room !== undefined ? liveTick(state, at, room) : same(state);
}

function waitingTick(state: CallState, at: number, room: RoomView | undefined): Step {
  const { state: seen, marks } = noticeAgent(state, at, room);
  const inQueue = seen.inQueue || at >= seen.assumeInQueueAt;
  const now = inQueue === seen.inQueue ? seen : { ...seen, inQueue };
  if (now.agentReady) return inQueue ? step(enter(now, "dialling", at), ["connect"], marks) : step(now, [], marks);
  if (room?.agentFailed) return giveUp(now, at, "the agent has failed");
  if (at - now.startedAt >= TIMERS.agentLimitMs) return giveUp(now, at, "the agent did not come in time");
  return afterDispatch(now, at, room);
}

function callbackTick(state: CallState, at: number, room: RoomView | undefined): Step {
  const limitMs = TIMERS.ringingSeconds * 1_000 + TIMERS.legGraceMs;
  if (at - state.phaseSince >= limitMs) return giveUpRoom(state, at, "the agent's leg did not arrive in time");
  const absent = room?.callerPresent === false && !room.isEmpty && state.legCreatedAt !== undefined;
  const gone = absent && at - (state.legCreatedAt ?? at) >= TIMERS.legGoneMs;
  return gone ? giveUpRoom(state, at, "the agent's leg was rejected") : same(state);
}

/** jambonz dials and gives up by itself; the limit here is for the case that nobody hears of it. */
function dialTick(state: CallState, at: number, room: RoomView | undefined): Step {
  const { state: seen, marks } = noticeAgent(state, at, room);
  if (room?.callerActive) return step(enter(answered(seen), "talking", at), [], marks);
  const limitAt = seen.assumeInQueueAt + TIMERS.dialSeconds * 1_000 + TIMERS.legGraceMs;
  if (at >= limitAt) return giveUpRoom(seen, at, "LiveKit did not answer in time");
  const unansweredMs = at - Math.max(seen.agentReadyAt ?? at, seen.ringingAt ?? at);
  if (unansweredMs >= TIMERS.dialAnswerMs) return giveUpRoom(seen, at, "LiveKit did not answer in time");
  if (seen.agentReady) return step(seen, [], marks);
  return room?.agentFailed ? giveUp(seen, at, "the agent has failed") : afterDispatch(seen, at, room);
}

function noticeAgent(state: CallState, at: number, room: RoomView | undefined): { state: CallState; marks: Mark[] } {
  if (state.agentReady || room?.agentReady !== true) return { state, marks: [] };
  return { state: { ...state, agentReady: true, agentReadyAt: at }, marks: ["agent.ready"] };
}

function afterDispatch(state: CallState, at: number, room: RoomView | undefined): Step {
  if (room?.agentDead && state.replacedEarly === undefined)
    return step({ ...state, replacedEarly: true, lastDispatchAt: at }, ["replaceAgent"], ["agent.lost"]);
  // An agent that is there is not lost: a second one would find the first in the room and leave, the first lose its dispatch.
  if (room?.agentPresent) return step({ ...state, lastDispatchAt: at });
  if (at - state.lastDispatchAt < TIMERS.agentRedispatchMs) return step(state);
  return step({ ...state, lastDispatchAt: at }, ["checkDispatch"]);
}

function callerWaiting(state: CallState, at: number): Step {
  const queued = state.inQueue || isOver(state) ? state : { ...state, inQueue: true, queuedAt: at };
  if (isJoined(state)) {
    const notJoined = at - state.phaseSince >= TIMERS.joinLimitMs;
    return notJoined ? giveUpRoom(queued, at, "caller and agent were not joined") : step(queued);
  }
  const next = tick(queued, at, undefined);
  // The hook may reach another instance than the one that watched: whoever gets it watches from now on.
  return isWatched(next.state) ? { ...next, effects: [...next.effects, "watch"] } : next;
}

function legCreated(state: CallState, at: number): Step {
  if (isOver(state)) return step(state, ["deleteRoom"]); // the leg would open the room again
  const expected = state.phase === "dialling" || isJoined(state);
  if (!expected || state.legCreatedAt !== undefined) return same(state);
  return step({ ...state, legCreatedAt: at }, [], ["participant.created"]);
}

/** callback: a livekit-sip that has died is asked again for as long as another one may take over, or it may come back. */
function legFailed(state: CallState, at: number, reason: string): Step {
  if (state.phase !== "dialling") return same(state);
  const isAskedAgain = state.isSecondTry === true && at - state.startedAt < TIMERS.secondTryMs;
  return isAskedAgain ? step(state, ["connectAgain"]) : giveUpRoom(state, at, reason);
}

function legArrived(state: CallState, at: number, legSid: string): Step {
  if (state.flow !== "callback" || state.phase !== "dialling") return same(state); // the first INVITE only
  return step({ ...enter(state, "joining", at), legSid }, [], ["agent_leg.webhook"]);
}

/** dial: jambonz has started the leg to LiveKit. */
function legDialled(state: CallState, at: number, legSid: string): Step {
  const expected = state.flow === "dial" && state.phase === "dialling" && state.legSid === undefined;
  return expected ? step({ ...state, legSid, isRinging: true, ringingAt: at }) : same(state);
}

function legAnswered(state: CallState, at: number, legSid: string): Step {
  if (state.legSid !== undefined && state.legSid !== legSid) return same(state);
  if (state.flow === "dial" && state.phase === "dialling") {
    // LiveKit answers only when somebody's audio is there (measured on livekit-sip 1.8.0).
    const marks: Mark[] = state.agentReady ? [] : ["agent.ready"];
    return step({ ...enter(answered(state), "talking", at), legSid, agentReady: true }, [], marks);
  }
  return state.phase === "joining" ? step(enter(state, "talking", at)) : same(state);
}

/**
 * A call that was given up is moved, and a second try begins with it; of any other the request was late, and it goes on as it was.
 */
function callerMoved(state: CallState, at: number): Step {
  if (state.isSecondTry && !isOver(state)) return movedAgain({ ...state, moves: (state.moves ?? 0) + 1 }, at);
  if (state.phase !== "leaving" && state.phase !== "fallback") return same(state);
  return fallBack({ ...state, movedAt: at }, at, state.reason ?? "the agent is out of reach");
}

function movedAgain(state: CallState, at: number): Step {
  if (state.phase !== "preparing") return step(state);
  return roomCreated({ ...state, assumeInQueueAt: at + TIMERS.queueAssumedMs }, at);
}

/** dial: a livekit-sip that has died is dialled again for as long as another one may take over, or it may come back. */
function isDialledAgain({ isSecondTry, flow, phase, startedAt }: CallState, at: number): boolean {
  return isSecondTry === true && flow === "dial" && phase === "dialling" && at - startedAt < TIMERS.secondTryMs;
}

function withoutLeg({ legSid: _, isRinging: __, ringingAt: ___, ...state }: CallState): Step {
  return step(state);
}

function answered(state: CallState): CallState {
  const { isRinging, ...rest } = state;
  return isRinging ? rest : state;
}

function queueLeft(state: CallState, at: number, result: string): Step {
  if (state.movedAt !== undefined) return same(state); // `hangup` is what jambonz says of the queue that it has cut
  if (result === "hangup") return end(state, at, "the caller hung up in the queue");
  if (result === "bridged") return parted(state, at);
  return fallBack(state, at, state.reason ?? `the queue was left: ${result}`);
}

function dialDone(state: CallState, { at, status, sipStatus }: DialDone): Step {
  if (state.movedAt !== undefined) return same(state);
  if (status === "completed") return parted(answered(state), at);
  if (isDialledAgain(state, at)) return withoutLeg(state);
  const earlier = state.reason === LEG_ENDED ? undefined : state.reason; // the leg's end says less than its status
  const reason = earlier ?? dialFailure(sipStatus) ?? state.reason ?? `the dial ended: ${status}`;
  const isLost = state.phase === "dialling" && status === "failed" && isOutOfReach(sipStatus);
  return fallBack(isLost ? { ...state, lostAt: at } : state, at, reason);
}

/** Caller and agent were joined and are not any more. */
function parted(state: CallState, at: number): Step {
  if (state.phase === "ended") return same(state);
  if (state.transferTo !== undefined) return end({ ...state, reason: "transferred" }, at, "transferred");
  return state.abandoned
    ? fallBack(state, at, "the agent was lost")
    : end(state, at, reasonOfLegEnd(state, at, "completed"));
}
