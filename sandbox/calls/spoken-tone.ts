import { SAMPLE_RATE } from "../callers/g711.ts";

const HZ = 300;
const MS = 1_080;
/** -30 dBm0, as the stand-in's `say`. */
const AMPLITUDE = 720;

/** What the sandbox's files sound like in place of speech, so that callers know it from all else on the line. */
export function spokenTone(): Int16Array {
  return Int16Array.from({ length: (SAMPLE_RATE * MS) / 1_000 }, (_, at) =>
    Math.round(AMPLITUDE * Math.sin((2 * Math.PI * HZ * at) / SAMPLE_RATE)),
  );
}
