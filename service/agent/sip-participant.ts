import { setTimeout as pause } from "node:timers/promises";
import {
  ConnectionState,
  DisconnectReason,
  ParticipantKind,
  type RemoteParticipant,
  type RemoteTrack,
  type Room,
  RoomEvent,
  TrackKind,
} from "@livekit/rtc-node";
import { callerIdentity } from "@trunkline/shared";
import type { CallEnd } from "./call-end.ts";
import { packetsFrom } from "./media-watch.ts";
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

/** Half a second of audio. */
const TALKING_PACKETS = 25n;
const LOOK_MS = 250;

/**
 * Waits until the caller can hear the agent. A livekit-sip whose livekit-server has died joins again with the attributes that the leg had at
 * first, `dialing`, and never says `active` (seen on 1.8.0): a caller whose audio comes is one. Nothing comes from a leg that rings.
 * @throws CallEnded
 */
export async function waitUntilActive(room: Room, caller: RemoteParticipant, end: CallEnd): Promise<void> {
  const events = [RoomEvent.ParticipantAttributesChanged, RoomEvent.ParticipantConnected];
  const stop = new AbortController();
  const active = lookUntil(room, events, end, () => isActive(present(room, caller).attributes) || undefined);
  try {
    await Promise.race([active, untilHeard(room, stop.signal)]);
  } finally {
    stop.abort();
    active.catch(() => undefined); // the end of the call is told by what comes next
  }
}

/** Resolves when audio comes from the room; never after the signal. */
async function untilHeard(room: Room, signal: AbortSignal): Promise<void> {
  while ((await packetsFrom(room).catch(() => 0n)) < TALKING_PACKETS) {
    await pause(LOOK_MS, undefined, { signal, ref: false }).catch(() => undefined);
    if (signal.aborted) return;
  }
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
    const track = audioTrack(present(room, caller));
    return track === ended ? undefined : track;
  });
}

function audioTrack(caller: RemoteParticipant): RemoteTrack | undefined {
  const publications = [...caller.trackPublications.values()];
  const audio = publications.filter((publication) => publication.kind === TrackKind.KIND_AUDIO);
  return audio.find((publication) => publication.track)?.track;
}

/** After the agent's own connection broke off, another object stands for the same caller. */
function present(room: Room, caller: RemoteParticipant): RemoteParticipant {
  return room.remoteParticipants.get(caller.identity) ?? caller;
}

/** A caller who has left for one of these does not come back under the same identity. */
const FOR_GOOD: ReadonlySet<DisconnectReason> = new Set([
  DisconnectReason.CLIENT_INITIATED,
  DisconnectReason.PARTICIPANT_REMOVED,
  DisconnectReason.ROOM_DELETED,
  DisconnectReason.ROOM_CLOSED,
]);
/** By then it is known that the agent's own connection has broken off, or the caller's leg has joined anew. */
const RETURN_MS = 500;

/**
 * Calls back when the caller has left the room. An agent that connects anew is told that everybody has left, before it is told who is there
 * (livekit/rust-sdks, livekit/src/room/mod.rs, `handle_restarting`): seen 13 s after LiveKit's Redis had stopped, with both callers still
 * there. Whether this one is there is known when the agent is connected again; a connection that stays away ends the stay.
 */
export function onCallerLeft(room: Room, caller: RemoteParticipant, callback: () => void): void {
  const isGone = () =>
    room.connectionState === ConnectionState.CONN_CONNECTED && !room.remoteParticipants.has(caller.identity);
  const left = async ({ identity, disconnectReason }: RemoteParticipant) => {
    if (identity !== caller.identity) return;
    const isForGood = disconnectReason !== undefined && FOR_GOOD.has(disconnectReason);
    if (!isForGood) await pause(RETURN_MS, undefined, { ref: false });
    if (isGone()) callback();
  };
  room.on(RoomEvent.ParticipantDisconnected, (participant) => void left(participant));
  room.on(RoomEvent.Reconnected, () => isGone() && callback());
}
