import type { RemoteParticipant, RemoteTrack, Room } from "@livekit/rtc-node";
import { TIMERS } from "@trunkline/shared";
import { framesOf } from "./audio/frames.ts";
import { levelOf } from "./audio/spectrum.ts";
import type { CallEnd } from "./call-end.ts";
import { waitForAudio } from "./sip-participant.ts";

const SAMPLE_RATE = 16_000;
/** dB of full scale. A quiet room on a telephone line is above, what the codec makes of no signal far below. */
const SOME_SOUND_DB = -70;

/**
 * callback: waits until jambonz has joined the legs, 1.07 s after LiveKit's leg was answered (seen: jambonz-live, section 8). Nothing comes from
 * jambonz before, so the caller's first sound shows it, also the room's. A line without any signal is taken to be joined after
 * `greetingDelayCallbackMs`: jambonz looks for the caller once.
 * @throws CallEnded
 */
export async function untilJoined(room: Room, caller: RemoteParticipant, end: CallEnd): Promise<void> {
  const stop = new AbortController();
  try {
    const heard = waitForAudio(room, caller, end).then((track) => firstSound(track, stop.signal));
    heard.catch(() => undefined); // the end of the call comes by the pause, too
    await Promise.race([end.pause(TIMERS.greetingDelayCallbackMs), heard]);
  } finally {
    stop.abort();
  }
}

/** A track that ends shows nothing. */
async function firstSound(track: RemoteTrack, signal: AbortSignal): Promise<void> {
  for await (const samples of framesOf(track, SAMPLE_RATE, signal)) if (levelOf(samples) > SOME_SOUND_DB) return;
  await new Promise(() => undefined);
}
