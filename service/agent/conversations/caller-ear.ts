import type { RemoteTrack } from "@livekit/rtc-node";
import { framesOf } from "../audio/frames.ts";
import { AUDIBLE_DB, Listener, rounded } from "../audio/listener.ts";
import { levelOf } from "../audio/spectrum.ts";
import { waitForAudio } from "../sip-participant.ts";
import type { LiveCall } from "./conversation.ts";

/** Hz: a telephone's band is enough to hear when somebody speaks. */
const SAMPLE_RATE = 8_000;

/** Listens to the caller beside the model: when there was a sound is measured on the audio, not on what a model makes of it. */
export class CallerEar {
  /** Of the caller's last sound, ms since 1970; undefined before the first. */
  lastSoundAt: number | undefined;

  /** Goes on until the call ends, also while the caller's track is gone or replaced. @throws CallEnded */
  async listen({ room, caller, end, log, times }: LiveCall): Promise<void> {
    const listener = new Listener(SAMPLE_RATE);
    let last: RemoteTrack | undefined;
    while (!end.signal.aborted) {
      last = await waitForAudio(room, caller, end, last);
      for await (const samples of framesOf(last, SAMPLE_RATE, end.signal)) {
        const sound = listener.hear(samples);
        if (levelOf(samples) >= AUDIBLE_DB) this.lastSoundAt = Date.now();
        if (!sound) continue;
        times.note("callerHeard");
        log.info({ event: "caller.audio", ...rounded(sound) }, "The caller is heard");
      }
    }
  }
}
