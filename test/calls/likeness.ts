const WINDOW_MS = 40;
const STEP_MS = 10;
const SAMPLE_RATE = 8_000;

/**
 * How well a phrase fits the best place of a recording, by how loud both are from moment to moment: 1 = the same, 0 = unrelated.
 * Codecs and jitter change samples, not that.
 * @param heard 8 kHz, 16 bit, as the phrase.
 */
export function likeness(heard: Int16Array, phrase: Int16Array): number {
  const [recording, wanted] = [loudness(heard), loudness(phrase)];
  let best = 0;
  for (let from = 0; from + wanted.length <= recording.length; from++)
    best = Math.max(best, correlation(recording.slice(from, from + wanted.length), wanted));
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
