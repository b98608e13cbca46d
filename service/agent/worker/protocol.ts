import { JobStatus, JobType, ParticipantPermission, WorkerMessage, WorkerStatus } from "@livekit/protocol";
import { AGENT_NAME } from "@trunkline/shared";
import { AGENT_ATTRIBUTES, agentIdentity } from "../agent-identity.ts";

/** LiveKit offers a job only to workers whose load is below this (livekit-server 1.13.5, agent.DefaultTargetLoad). */
const TARGET_LOAD = 0.7;

/** The first message of a connection: this worker takes whole rooms, by the agent's name. */
export function register(): WorkerMessage {
  const allowedPermissions = new ParticipantPermission({
    canPublish: true,
    canSubscribe: true,
    canPublishData: true,
    canUpdateMetadata: true,
    agent: true,
  });
  return new WorkerMessage({
    message: { case: "register", value: { type: JobType.JT_ROOM, agentName: AGENT_NAME, allowedPermissions } },
  });
}

/** @param load 0 (idle) … 1 (takes nothing). Below 1 it is scaled, so that a worker is asked until it is full. */
export function load(load: number): WorkerMessage {
  const status = load < 1 ? WorkerStatus.WS_AVAILABLE : WorkerStatus.WS_FULL;
  return new WorkerMessage({ message: { case: "updateWorker", value: { status, load: load * TARGET_LOAD } } });
}

export function accept(jobId: string): WorkerMessage {
  const value = {
    jobId,
    available: true,
    participantIdentity: agentIdentity(jobId),
    participantAttributes: { ...AGENT_ATTRIBUTES },
  };
  return new WorkerMessage({ message: { case: "availability", value } });
}

/** LiveKit asks the next worker at once. */
export function decline(jobId: string): WorkerMessage {
  return new WorkerMessage({ message: { case: "availability", value: { jobId, available: false } } });
}

/** So that `listDispatch` does not show a job as running whose call is over. */
export function jobEnded(jobId: string, failed: boolean): WorkerMessage {
  const status = failed ? JobStatus.JS_FAILED : JobStatus.JS_SUCCESS;
  return new WorkerMessage({ message: { case: "updateJob", value: { jobId, status } } });
}
