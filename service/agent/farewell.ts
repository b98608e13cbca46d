import type { Room } from "@livekit/rtc-node";
import { Speaker } from "./audio/speaker.ts";
import { melody, type Note } from "./audio/tone.ts";
import type { EndReason } from "./call-end.ts";
import { SIGNALS } from "./conversations/signals.ts";

const SAMPLE_RATE = 16_000;

const FAREWELLS: Partial<Record<EndReason, readonly Note[]>> = {
  failed: SIGNALS.failure,
  caller_silent: SIGNALS.goodbye,
  call_limit: SIGNALS.goodbye,
  worker_stopped: SIGNALS.handover,
};

/** Tells a caller that the call ends, where the conversation cannot: on a track of its own. */
export async function sayFarewell(room: Room, reason: EndReason): Promise<void> {
  const notes = FAREWELLS[reason];
  if (!notes || !room.isConnected) return;
  const speaker = new Speaker(SAMPLE_RATE);
  try {
    await speaker.publish(room);
    await speaker.heard();
    await speaker.play(melody(notes, SAMPLE_RATE));
  } finally {
    await speaker.close();
  }
}
