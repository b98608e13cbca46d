import { SAMPLE_RATE } from "./g711.ts";

/** A tone found in a window; `level` in dBm0 (a full-scale sine is +3.14 dBm0, ITU-T G.711). */
export interface Tone {
  hz: number;
  level: number;
}

/** A tone heard from `fromMs` to `toMs`. */
export interface HeardTone extends Tone {
  fromMs: number;
  toMs: number;
}

const OVERLOAD_DBM0 = 3.14;
/** Quieter windows count as silence: far above the noise of G.711's smallest step. */
const SILENCE_DBM0 = -45;
/** A tone must carry this share of a window's power, else the window is noise. */
const TONALITY = 0.35;
const LOWEST_HZ = 200;
const HIGHEST_HZ = 3_400;
/** The main lobe of a 100 ms Hann window is 40 Hz wide: steps of 20 Hz miss no tone, 10 Hz beside it is refined with. */
const COARSE_HZ = 20;
const STEP_HZ = 10;

/** Peak amplitude in linear samples of a sine with this level in dBm0. */
export function amplitudeOf(level: number): number {
  return 32_767 * 10 ** ((level - OVERLOAD_DBM0) / 20);
}

/**
 * A sine at 8 kHz. `from` is the position of the first sample, so that parts join without a step.
 * `level` in dBm0, default -10.
 */
export function generateTone(hz: number, samples: number, from = 0, level = -10): Int16Array {
  const amplitude = amplitudeOf(level);
  const omega = (2 * Math.PI * hz) / SAMPLE_RATE;
  return Int16Array.from({ length: samples }, (_, i) => Math.round(amplitude * Math.sin(omega * (from + i))));
}

/** Power of one frequency in a window (Goertzel's algorithm), in squared sample units times squared window length. */
function goertzel(window: Float64Array, hz: number): number {
  const coefficient = 2 * Math.cos((2 * Math.PI * hz) / SAMPLE_RATE);
  let previous = 0;
  let before = 0;
  for (const sample of window) {
    const current = sample + coefficient * previous - before;
    before = previous;
    previous = current;
  }
  return previous * previous + before * before - coefficient * previous * before;
}

/**
 * The tone that dominates a window of linear samples, 200–3400 Hz; undefined in silence (below -45 dBm0) and noise.
 * 100 ms (800 samples) give the frequency within a few Hz.
 */
export function dominantTone(samples: Int16Array): Tone | undefined {
  const rms = Math.sqrt(meanSquare(samples));
  const total = levelOf(rms * Math.SQRT2);
  if (total < SILENCE_DBM0) return undefined;
  const window = hann(samples);
  const peak = strongest(window);
  const hz = refine(window, peak);
  // A Hann window halves a sine's amplitude, its transform at the peak is amplitude × length / 4.
  const amplitude = (4 * Math.sqrt(goertzel(window, hz))) / samples.length;
  const share = (amplitude * amplitude) / 2 / (rms * rms);
  return share < TONALITY ? undefined : { hz: Math.round(hz), level: Math.round(levelOf(amplitude) * 10) / 10 };
}

function levelOf(amplitude: number): number {
  return amplitude <= 0 ? Number.NEGATIVE_INFINITY : 20 * Math.log10(amplitude / 32_767) + OVERLOAD_DBM0;
}

function meanSquare(samples: Int16Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return samples.length === 0 ? 0 : sum / samples.length;
}

function hann(samples: Int16Array): Float64Array {
  const scale = (2 * Math.PI) / samples.length;
  return Float64Array.from(samples, (sample, i) => sample * (0.5 - 0.5 * Math.cos(scale * (i + 0.5))));
}

function strongest(window: Float64Array): number {
  let coarse = { hz: LOWEST_HZ, power: -1 };
  for (let hz = LOWEST_HZ; hz <= HIGHEST_HZ; hz += COARSE_HZ) coarse = louder(coarse, at(window, hz));
  return [-STEP_HZ, STEP_HZ].map((step) => at(window, coarse.hz + step)).reduce(louder, coarse).hz;
}

interface Candidate {
  hz: number;
  power: number;
}

function at(window: Float64Array, hz: number): Candidate {
  return { hz, power: goertzel(window, hz) };
}

function louder(a: Candidate, b: Candidate): Candidate {
  return b.power > a.power ? b : a;
}

/** The top of the parabola through the logarithms of the peak and its neighbours. */
function refine(window: Float64Array, peak: number): number {
  const log = (hz: number) => Math.log(goertzel(window, hz) + 1e-9);
  const [left, middle, right] = [log(peak - STEP_HZ), log(peak), log(peak + STEP_HZ)];
  const curve = left - 2 * middle + right;
  return curve >= 0 ? peak : peak + (STEP_HZ * (left - right)) / (2 * curve);
}

const WINDOW_MS = 100;
const WINDOW_SAMPLES = (SAMPLE_RATE * WINDOW_MS) / 1_000;
/** Neighbouring windows within this distance are the same tone. */
const SAME_TONE_HZ = 15;

/** The dominant tones of a recording, per 100 ms, equal neighbours merged. Times in ms from the first sample. */
export function heardTones(samples: Int16Array): HeardTone[] {
  const heard: HeardTone[] = [];
  for (let start = 0; start + WINDOW_SAMPLES <= samples.length; start += WINDOW_SAMPLES) {
    hearWindow(heard, samples, start);
  }
  return heard;
}

/** The same, leaving the event loop to others after each window: a live call beside it must not be held up. */
export async function heardTonesInTurns(samples: Int16Array): Promise<HeardTone[]> {
  const heard: HeardTone[] = [];
  for (let start = 0; start + WINDOW_SAMPLES <= samples.length; start += WINDOW_SAMPLES) {
    hearWindow(heard, samples, start);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return heard;
}

function hearWindow(heard: HeardTone[], samples: Int16Array, start: number): void {
  const tone = dominantTone(samples.subarray(start, start + WINDOW_SAMPLES));
  if (tone) append(heard, tone, (start * 1_000) / SAMPLE_RATE);
}

/** A window's tone continues the last one if it follows at once; level and frequency are those of the loudest window. */
function append(heard: HeardTone[], tone: Tone, fromMs: number): void {
  const last = heard.at(-1);
  if (last?.toMs !== fromMs || Math.abs(last.hz - tone.hz) > SAME_TONE_HZ) {
    heard.push({ ...tone, fromMs, toMs: fromMs + WINDOW_MS });
    return;
  }
  last.toMs = fromMs + WINDOW_MS;
  if (tone.level > last.level) Object.assign(last, tone);
}
