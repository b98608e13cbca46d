import { type AgentReport, type CallFlow, TIMERS } from "@trunkline/shared";

/** The phases of a call, in the only order in which they can follow each other (some may be left out). */
export const PHASES = [
  "preparing",
  "waiting",
  "dialling",
  "joining",
  "talking",
  "leaving",
  "fallback",
  "ended",
] as const;
/**
 * preparing: the room is being made · waiting (callback): for the agent, and for the caller to be in the queue · dialling: LiveKit
 * calls jambonz, or jambonz LiveKit · joining (callback): the agent leg has arrived · talking: it was answered · leaving: given up,
 * the caller's next hook says what follows · fallback: the caller hears why, or somebody else · ended.
 */
export type Phase = (typeof PHASES)[number];

/** Everything the next step of a call depends on; plain data. Times in milliseconds since 1970. */
export interface CallState {
  readonly phase: Phase;
  readonly flow: CallFlow;
  readonly startedAt: number;
  /** When this phase was entered. */
  readonly phaseSince: number;
  readonly agentReady: boolean;
  readonly inQueue: boolean;
  /** When the caller first asked for hold music. */
  readonly queuedAt?: number;
  /** When jambonz asked what follows for this caller because it was told to: what was under way is cut, and its hooks say so. */
  readonly movedAt?: number;
  /** From then on the caller is taken to be in the queue, wait hook or not. */
  readonly assumeInQueueAt: number;
  /** When the agent was last dispatched, or looked after. */
  readonly lastDispatchAt: number;
  readonly legCreatedAt?: number;
  /** Since when the room of a joined call shows no caller. */
  readonly legMissingSince?: number;
  /** Since when the room of a joined call shows nobody at all. */
  readonly emptySince?: number;
  /** Since when a live call has no agent. */
  readonly agentMissingSince?: number;
  /** An agent that had died before it was ready was replaced: once, the usual looks do for the next one. */
  readonly replacedEarly?: true;
  /** When another agent was dispatched into the live call. */
  readonly agentReplacedAt?: number;
  /** The room before was out of reach; the caller is moved to this one. */
  readonly isSecondTry?: true;
  /** How often jambonz has asked what follows for the caller of a second try: hooks of the time before still come. */
  readonly moves?: number;
  /** When the call was given up because of LiveKit, or of the way to it: another room may be with the agent. */
  readonly lostAt?: number;
  /** The agent was lost for good: the caller is still there, and gets the fallback when the leg has ended. */
  readonly abandoned?: true;
  /** How long LiveKit waits for the caller's next packet. Undefined in records of an earlier version. */
  readonly mediaTimeoutMs?: number;
  /** How the call goes, as its agent said last. */
  readonly agentReport?: AgentReport;
  /** LiveKit's id of the leg between it and jambonz (`SCL_…`). */
  readonly livekitCallId?: string;
  /** callback: the agent has handed the caller on, who is dialled to this number when the leg has ended. */
  readonly transferTo?: string;
  /** jambonz's call_sid of the agent leg. */
  readonly legSid?: string;
  /** dial: that leg rings, and has not been answered. */
  readonly isRinging?: true;
  /** Since when. */
  readonly ringingAt?: number;
  /** When the agent was first seen to be ready. */
  readonly agentReadyAt?: number;
  /** Why the call ended or got the fallback. */
  readonly reason?: string;
}

/** What a look into the room showed. */
export interface RoomView {
  readonly agentReady: boolean;
  /** An agent is in the room, and may still get ready: its model may take its time. */
  readonly agentPresent?: boolean;
  readonly callerPresent: boolean;
  /** The caller's leg was answered. */
  readonly callerActive?: boolean;
  readonly livekitCallId?: string;
  readonly agentReport?: AgentReport;
  /** An agent without a heartbeat was taken out of the room: no need to wait whether it comes back. */
  readonly agentDead?: boolean;
  /** An agent has shown that it cannot take the call. */
  readonly agentFailed?: boolean;
  /** No worker of the agent says that it lives: a dispatch would be lost. */
  readonly noWorker?: boolean;
  /** LiveKit lists nobody, and maybe has lost its lists: no sign that anybody has gone. */
  readonly isEmpty?: boolean;
}

export type CallEvent = { readonly at: number } & (
  | { readonly type: "room.created" | "caller.waiting" | "caller.moved" }
  /** Another call's record has taken this one's place: the caller is put to the agent again. */
  | { readonly type: "call.again" }
  /** `sipStatus`: the final one of a leg that was dialled. */
  | { readonly type: "leg.ended"; readonly sipStatus?: number | undefined }
  | { readonly type: "leg.created"; readonly livekitCallId?: string | undefined }
  | { readonly type: "refused" | "leg.failed" | "caller.ended"; readonly reason: string }
  /** `isRefused`: by a LiveKit that is there: it would refuse another one, too. */
  | { readonly type: "room.failed"; readonly reason: string; readonly isRefused?: boolean }
  | { readonly type: "leg.arrived" | "leg.answered" | "leg.dialled"; readonly legSid: string }
  | { readonly type: "transfer.asked"; readonly target: string }
  | { readonly type: "queue.left"; readonly result: string }
  | { readonly type: "dial.done"; readonly status: string; readonly sipStatus?: number | undefined }
  | { readonly type: "tick"; readonly room?: RoomView }
  /** The agent itself, or LiveKit's webhook, has told it. */
  | { readonly type: "agent.ready" | "agent.failed" }
  | { readonly type: "agent.reported"; readonly report: AgentReport }
);

/**
 * Things to do because of an event. `connect` = have LiveKit call jambonz, `connectAgain` after a moment · `checkDispatch` = dispatch again if no agent is on
 * the way · `replaceAgent` = dispatch another one for sure · `deleteRoom` also ends LiveKit's leg.
 */
export type Effect = "watch" | "checkDispatch" | "replaceAgent" | "connect" | "connectAgain" | "deleteRoom";
/** Points of the call's time line. */
export type Mark =
  | "room.created"
  | "agent.ready"
  | "participant.created"
  | "agent_leg.webhook"
  | "agent.lost"
  | "call.fallback"
  | "call.again"
  | "call.ended";

export interface Step {
  readonly state: CallState;
  readonly effects: readonly Effect[];
  readonly marks: readonly Mark[];
}

/** A call whose webhook has just come in; the announcement is spoken before the queue. */
export function initialState(startedAt: number, announcementMs = 0, flow: CallFlow = "callback"): CallState {
  return {
    phase: "preparing",
    flow,
    startedAt,
    phaseSince: startedAt,
    agentReady: false,
    inQueue: false,
    assumeInQueueAt: startedAt + announcementMs + TIMERS.queueAssumedMs,
    lastDispatchAt: startedAt,
  };
}

/** Whether the call still needs the watch on its room. */
export function isWatched(state: CallState): boolean {
  return state.phase === "waiting" || state.phase === "dialling" || isJoined(state);
}

/** Whether live call control has to move the caller on: nobody is reached by waiting. */
export function isToBeMoved({ phase, isSecondTry }: CallState): boolean {
  return phase === "leaving" || (phase === "preparing" && isSecondTry === true);
}

/** Whether the agent leg has arrived and the call is not over. */
export function isJoined(state: CallState): boolean {
  return state.phase === "joining" || state.phase === "talking";
}

/** Whether the call is lost for the agent: its room is to go, whatever else arrives. */
export function isOver(state: CallState): boolean {
  return state.phase === "leaving" || state.phase === "fallback" || state.phase === "ended";
}
