import { setTimeout as sleep } from "node:timers/promises";
import type { Room } from "@livekit/rtc-node";
import { failurePhrase, PHRASE_RATE } from "./audio/phrases.ts";
import { Speaker } from "./audio/speaker.ts";
import { melody, type Note } from "./audio/tone.ts";
import type { EndReason } from "./call-end.ts";
import { SIGNALS } from "./conversations/signals.ts";

const FAREWELLS: Partial<Record<EndReason, readonly Note[]>> = {
  failed: SIGNALS.failure,
  caller_silent: SIGNALS.goodbye,
  call_limit: SIGNALS.goodbye,
  worker_stopped: SIGNALS.handover,
};

/** What has been sent is still on its way to the caller's ear: whoever leaves at once cuts the last 0.1 s off. */
const ON_ITS_WAY_MS = 250;

/**
 * Tells a caller that the call ends, where the conversation cannot: on a track of its own. A failure, which nobody expects, in words.
 * @param language BCP 47
 */
export async function sayFarewell(room: Room, reason: EndReason, language: string): Promise<void> {
  const notes = FAREWELLS[reason];
  if (!notes || !room.isConnected) return;
  const speaker = new Speaker(PHRASE_RATE);
  try {
    await speaker.publish(room);
    await speaker.heard();
    await speaker.play(melody(notes, PHRASE_RATE));
    if (reason === "failed") await speaker.play(failurePhrase(language));
    await sleep(ON_ITS_WAY_MS);
  } finally {
    await speaker.close();
  }
}
