import { BEAT_ATTRIBUTE, BUILD_ATTRIBUTE, FAILED_ATTRIBUTE, readAgentReport } from "@trunkline/shared";
import { type AgentDispatch, type ParticipantInfo, TrackType } from "livekit-server-sdk";
import type { RoomView } from "../calls/call-state.ts";
import type { DispatchView } from "../policies/dispatch.ts";
import type { Beating } from "../policies/pulse.ts";

/** livekit_models.proto, ParticipantInfo.Kind; livekit_agent.proto, JobStatus: the SDK does not export them. */
const KIND_SIP = 3;
const KIND_AGENT = 4;
const JOB_RUNNING = 1;

/** An agent in a room. */
export interface AgentView extends Beating {
  /** Whether it can be given a caller. */
  readonly ready: boolean;
}

/** What a look into a room shows, agent by agent too. */
export interface RoomSight extends RoomView {
  readonly agents: readonly AgentView[];
}

/** @param caller the identity that a leg of ours has; one that was dialled to LiveKit is told by its kind */
export function isLeg({ kind, identity }: ParticipantInfo, caller: string): boolean {
  return Number(kind) === KIND_SIP || identity === caller;
}

/**
 * An agent of ours is ready when it has published its audio track. Another LiveKit agent is ready when it is there: the framework's sessions
 * publish only when they find a caller in the room (`@livekit/agents` 1.9.0, RoomIO).
 * @param caller see `isLeg`
 */
export function roomView(participants: readonly ParticipantInfo[], caller: string): RoomSight {
  const found = participants.find((participant) => isLeg(participant, caller));
  const ofKind = participants.filter(({ kind }) => Number(kind) === KIND_AGENT);
  const agents = ofKind.map(agentView);
  const agentReport = ofKind.map(({ attributes }) => readAgentReport(attributes)).findLast((report) => report);
  return {
    agents,
    ...(agentReport && { agentReport }),
    agentReady: agents.some(({ ready }) => ready),
    ...(agents.length > 0 && { agentPresent: true }),
    ...(participants.length === 0 && { isEmpty: true }),
    ...(ofKind.some(({ attributes }) => FAILED_ATTRIBUTE in attributes) && { agentFailed: true }),
    callerPresent: found !== undefined,
    ...(found?.attributes["sip.callID"] && { livekitCallId: found.attributes["sip.callID"] }),
    callerActive: found?.attributes["sip.callStatus"] === "active",
  };
}

function agentView(participant: ParticipantInfo): AgentView {
  const { identity, attributes } = participant;
  return { identity, ready: hasAudio(participant) || isForeign(attributes), beat: attributes[BEAT_ATTRIBUTE] };
}

function isForeign(attributes: Readonly<Record<string, string>>): boolean {
  return !(BUILD_ATTRIBUTE in attributes) && !(BEAT_ATTRIBUTE in attributes);
}

/** A dispatch as the policy sees it. */
export function dispatchView(dispatch: AgentDispatch): DispatchView {
  const jobs = dispatch.state?.jobs ?? [];
  return { id: dispatch.id, running: jobs.some((job) => Number(job.state?.status) === JOB_RUNNING) };
}

function hasAudio(participant: ParticipantInfo): boolean {
  return participant.tracks.some((track) => track.type === TrackType.AUDIO);
}
