import { AudioStream, type RemoteTrack } from "@livekit/rtc-node";

const FRAME_MS = 40; // each piece costs a round trip into native code, whatever its length

/** A track's audio, mono, in pieces of 40 ms, until the track or the signal ends. */
export async function* framesOf(
  track: RemoteTrack,
  sampleRate: number,
  signal: AbortSignal,
): AsyncGenerator<Int16Array> {
  const stream = new AudioStream(track, { sampleRate, numChannels: 1, frameSizeMs: FRAME_MS });
  const reader = stream.getReader();
  const stop = () => void reader.cancel().catch(() => undefined);
  signal.addEventListener("abort", stop, { once: true });
  try {
    for (let next = await reader.read(); !next.done && !signal.aborted; next = await reader.read())
      yield next.value.data;
  } finally {
    signal.removeEventListener("abort", stop);
    stop();
  }
}
