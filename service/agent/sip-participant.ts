import {
  ParticipantKind,
  type RemoteParticipant,
  type RemoteTrack,
  type Room,
  RoomEvent,
  TrackKind,
} from "@livekit/rtc-node";
import { callerIdentity } from "@trunkline/shared";
import type { CallEnd } from "./call-end.ts";
import { lookUntil } from "./room-wait.ts";
import { isActive } from "./sip-attributes.ts";

/**
 * The caller of a room: its SIP participant. A participant with the identity that the call's SIP participant has in the
 * callback flow (`caller-<id>`) counts too, whatever its kind: only LiveKit's own SIP service can join as kind SIP, and
 * a call can so be held from a browser or a test.
 */
function findCaller(room: Room, callId: string): RemoteParticipant | undefined {
  const isCaller = (participant: RemoteParticipant) =>
    participant.kind === ParticipantKind.SIP || participant.identity === callerIdentity(callId);
  return [...room.remoteParticipants.values()].find(isCaller);
}

/** @throws CallEnded */
export function waitForCaller(room: Room, callId: string, end: CallEnd): Promise<RemoteParticipant> {
  return lookUntil(room, [RoomEvent.ParticipantConnected], end, () => findCaller(room, callId));
}

/** Waits until the caller can hear the agent. @throws CallEnded */
export async function waitUntilActive(room: Room, caller: RemoteParticipant, end: CallEnd): Promise<void> {
  await lookUntil(room, [RoomEvent.ParticipantAttributesChanged], end, () => isActive(caller.attributes) || undefined);
}

/**
 * The caller's audio as soon as LiveKit delivers it.
 * @param ended a track that is known to have ended: the next one is waited for.
 * @throws CallEnded
 */
export function waitForAudio(
  room: Room,
  caller: RemoteParticipant,
  end: CallEnd,
  ended?: RemoteTrack,
): Promise<RemoteTrack> {
  return lookUntil(room, [RoomEvent.TrackSubscribed], end, () => {
    const track = audioTrack(caller);
    return track === ended ? undefined : track;
  });
}

function audioTrack(caller: RemoteParticipant): RemoteTrack | undefined {
  const publications = [...caller.trackPublications.values()];
  const audio = publications.filter((publication) => publication.kind === TrackKind.KIND_AUDIO);
  return audio.find((publication) => publication.track)?.track;
}

/** Calls back when the caller leaves the room. */
export function onCallerLeft(room: Room, caller: RemoteParticipant, callback: () => void): void {
  room.on(RoomEvent.ParticipantDisconnected, (participant) => {
    if (participant.identity === caller.identity) callback();
  });
}
