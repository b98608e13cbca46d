import { setTimeout as pause } from "node:timers/promises";

const CHUNK_MS = 100;
/** Models speak faster than it is heard: a chunk of 100 ms every 20 ms. */
const EVERY_MS = 20;

/**
 * Sends samples in chunks, faster than they are heard, until the signal says otherwise.
 * @returns how much was sent, ms.
 */
export async function stream(
  samples: Int16Array,
  rate: number,
  signal: AbortSignal,
  send: (base64: string) => void,
): Promise<number> {
  const chunk = (rate * CHUNK_MS) / 1_000;
  let at = 0;
  for (; at < samples.length && !signal.aborted; at += chunk) {
    const part = samples.slice(at, at + chunk);
    send(Buffer.from(part.buffer).toString("base64"));
    await pause(EVERY_MS);
  }
  return (Math.min(at, samples.length) / rate) * 1_000;
}

/** 16-bit samples of base64. */
export function samplesOf(base64: string): Int16Array {
  const bytes = Buffer.from(base64, "base64");
  return new Int16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length - (bytes.length % 2)));
}
