/** The LiveKit agent's registered name. A dispatch names the agent by it, the worker registers under it. AGENT_NAME, where it is another. */
export const AGENT_NAME = process.env.AGENT_NAME || "my-telephony-agent";

const ROOM_PREFIX = "call-";
const CALLER_PREFIX = "caller-";

/** `call-<id>`: the room of a call, and the user part of the SIP URI that belongs to this call alone. */
export function roomName(callId: string): string {
  return ROOM_PREFIX + callId;
}

/** The call id in a room name or SIP user `call-<id>`; undefined for every other name. */
export function callIdOfRoom(room: string): string | undefined {
  return room.startsWith(ROOM_PREFIX) ? room.slice(ROOM_PREFIX.length) || undefined : undefined;
}

/** `caller-<id>`: the identity of the SIP participant. One identity per call: a second leg with it would cancel the first. */
export function callerIdentity(callId: string): string {
  return CALLER_PREFIX + callId;
}

/**
 * The agent's heartbeat: an attribute of its participant, a number that changes every `TIMERS.agentBeatMs` while the agent lives.
 * LiveKit itself misses a killed agent only after some 21 s (measured on 1.13.5). An agent without it is not judged.
 */
export const BEAT_ATTRIBUTE = "trunkline.beat";

/** An agent that cannot take its call, since its model refuses, say, shows this attribute before it leaves: the caller gets the fallback at once. */
export const FAILED_ATTRIBUTE = "trunkline.failed";

/** By this attribute each agent of ours shows which build it is, from the moment when it enters a room. Other LiveKit agents have none. */
export const BUILD_ATTRIBUTE = "trunkline.build";
