import { AudioSource, LocalAudioTrack } from "@livekit/rtc-node";

const SAMPLE_RATE = 16_000;

/** Has the native library start its threads and load its codecs now: 10 MB and some 50 ms that the first caller would wait for. */
export async function warmUp(): Promise<void> {
  const track = LocalAudioTrack.createAudioTrack("warm-up", new AudioSource(SAMPLE_RATE, 1));
  await track.close();
}
