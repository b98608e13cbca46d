import { type AgentDispatch, type ParticipantInfo, TrackType } from "livekit-server-sdk";
import type { RoomView } from "../calls/call-state.ts";
import type { DispatchView } from "../policies/dispatch.ts";

/** livekit_models.proto, ParticipantInfo.Kind; livekit_agent.proto, JobStatus: the SDK does not export them. */
const KIND_SIP = 3;
const KIND_AGENT = 4;
const JOB_RUNNING = 1;

/**
 * The agent is ready when a participant of kind AGENT has published an audio track: the only sign that the API shows.
 * @param caller the identity that a leg of ours has; one that was dialled to LiveKit is told by its kind
 */
export function roomView(participants: readonly ParticipantInfo[], caller: string): RoomView {
  const isCaller = ({ kind, identity }: ParticipantInfo) => Number(kind) === KIND_SIP || identity === caller;
  const found = participants.find(isCaller);
  return {
    agentReady: participants.some((participant) => Number(participant.kind) === KIND_AGENT && hasAudio(participant)),
    callerPresent: found !== undefined,
    callerActive: found?.attributes["sip.callStatus"] === "active",
  };
}

/** A dispatch as the policy sees it. */
export function dispatchView(dispatch: AgentDispatch): DispatchView {
  const jobs = dispatch.state?.jobs ?? [];
  return { id: dispatch.id, running: jobs.some((job) => Number(job.state?.status) === JOB_RUNNING) };
}

function hasAudio(participant: ParticipantInfo): boolean {
  return participant.tracks.some((track) => track.type === TrackType.AUDIO);
}
