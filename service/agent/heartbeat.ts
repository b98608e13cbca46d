import { setTimeout as pause } from "node:timers/promises";
import { type Room, RoomEvent } from "@livekit/rtc-node";
import { BEAT_ATTRIBUTE, TIMERS } from "@trunkline/shared";

/**
 * Shows whoever looks into the room that this process lives: the middleware replaces an agent that has stopped to.
 * Not before the agent is in its room: one that starts slowly shows no heartbeat at all, and is not judged.
 * @returns the way to end it. A beat that fails is nothing to act on: LiveKit is away then, and the next one comes.
 */
export function startBeating(room: Room): () => void {
  let beats = 0;
  const beat = () => {
    const sent = room.localParticipant?.setAttributes({ [BEAT_ATTRIBUTE]: String(++beats) });
    sent?.catch(() => undefined);
  };
  beat();
  const timer = setInterval(beat, TIMERS.agentBeatMs);
  return () => clearInterval(timer);
}

/** Two beats. */
const SILENT_MS = 2 * TIMERS.agentBeatMs;

/** Whether another agent in the room lives: its heart beats. One that shows no heartbeat, yet or at all, is taken to live. */
export async function livesOn(room: Room, identity: string): Promise<boolean> {
  const beat = () => room.remoteParticipants.get(identity)?.attributes[BEAT_ATTRIBUTE];
  const before = beat();
  if (before === undefined) return room.remoteParticipants.has(identity);
  const stop = new AbortController();
  let isBeating = false;
  const look = () => {
    isBeating = beat() !== undefined && beat() !== before;
    if (isBeating || !room.remoteParticipants.has(identity)) stop.abort();
  };
  const events = [RoomEvent.ParticipantAttributesChanged, RoomEvent.ParticipantDisconnected] as const;
  for (const event of events) room.on(event, look);
  await pause(SILENT_MS, undefined, { signal: stop.signal }).catch(() => undefined);
  for (const event of events) room.off(event, look);
  return isBeating;
}
