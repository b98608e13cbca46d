const SAMPLE_RATE = 8_000;
const WINDOW_MS = 40;
const STEP_MS = 10;
/** Parts are looked for one by one: on a busy machine a pause of some 100 ms may come between them. */
const PART_STEPS = 100;

/**
 * How well the parts of a phrase, a second each, fit their best places in a recording, by how loud both are from moment to moment: 1 = the
 * same, 0 = unrelated. Codecs and jitter change samples, not that.
 * @param heard 8 kHz, 16 bit, as the phrase.
 */
export function likeness(heard: Int16Array, phrase: Int16Array): number {
  const [recording, wanted] = [loudness(heard), loudness(phrase)];
  const starts = Array.from({ length: Math.floor(wanted.length / PART_STEPS) }, (_, index) => index * PART_STEPS);
  const fits = starts.map((start) => bestFit(recording, wanted.slice(start, start + PART_STEPS)));
  return fits.reduce((sum, fit) => sum + fit, 0) / fits.length;
}

function bestFit(recording: readonly number[], part: readonly number[]): number {
  let best = 0;
  for (let from = 0; from + part.length <= recording.length; from++)
    best = Math.max(best, correlation(recording.slice(from, from + part.length), part));
  return best;
}

function loudness(samples: Int16Array): number[] {
  const [window, step] = [(SAMPLE_RATE * WINDOW_MS) / 1_000, (SAMPLE_RATE * STEP_MS) / 1_000];
  const count = Math.max(0, Math.floor((samples.length - window) / step) + 1);
  return Array.from({ length: count }, (_, index) => {
    const part = samples.subarray(index * step, index * step + window);
    return Math.sqrt(part.reduce((sum, sample) => sum + sample ** 2, 0) / window);
  });
}

/** Pearson's. */
function correlation(one: readonly number[], other: readonly number[]): number {
  const [a, b] = [centred(one), centred(other)];
  const product = a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
  return product / (Math.hypot(...a) * Math.hypot(...b) || 1);
}

function centred(values: readonly number[]): number[] {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.map((value) => value - mean);
}
