import type { Room } from "@livekit/rtc-node";
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
