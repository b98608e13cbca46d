/** The strongest frequency in a piece of audio. */
export interface DominantTone {
  /** Within ±2 Hz for a tone of 200 ms. */
  hz: number;
  /** Its share of the whole energy, 0…1: near 1 is a pure tone, speech and noise stay well below. */
  purity: number;
}

const LOWEST_HZ = 80;
const HIGHEST_HZ = 3_800; // the band of a narrow-band telephone call ends below
const COARSE_HZ = 10; // half of a tone's main lobe in 200 ms
const FINE_HZ = 0.5;

/** Scans the telephone band with Goertzel filters: coarse steps first, then fine ones around the best. */
export function dominantTone(samples: Int16Array, sampleRate: number): DominantTone {
  const windowed = hann(samples);
  const highest = Math.min(HIGHEST_HZ, sampleRate / 2 - COARSE_HZ);
  const coarse = strongest(windowed, sampleRate, LOWEST_HZ, highest, COARSE_HZ);
  const fine = strongest(windowed, sampleRate, coarse.hz - COARSE_HZ, coarse.hz + COARSE_HZ, FINE_HZ);
  return { hz: fine.hz, purity: purityOf(fine.power, samples) };
}

/** Root mean square in dB of full scale: 0 is the loudest square wave, digital silence is -Infinity. */
export function levelOf(samples: Int16Array): number {
  return 10 * Math.log10(meanSquare(samples) / 32_768 ** 2);
}

function strongest(samples: Float64Array, sampleRate: number, from: number, to: number, step: number) {
  let best = { hz: from, power: -1 };
  for (let hz = from; hz <= to; hz += step) {
    const power = goertzel(samples, hz / sampleRate);
    if (power > best.power) best = { hz, power };
  }
  return best;
}

/** |X(f)|² for a frequency in cycles per sample. */
function goertzel(samples: Float64Array, frequency: number): number {
  const coefficient = 2 * Math.cos(2 * Math.PI * frequency);
  let previous = 0;
  let beforePrevious = 0;
  for (const sample of samples) {
    const current = sample + coefficient * previous - beforePrevious;
    beforePrevious = previous;
    previous = current;
  }
  return previous ** 2 + beforePrevious ** 2 - coefficient * previous * beforePrevious;
}

function hann(samples: Int16Array): Float64Array {
  return Float64Array.from(
    samples,
    (sample, i) => sample * 0.5 * (1 - Math.cos((2 * Math.PI * i) / (samples.length - 1))),
  );
}

/** A sine of amplitude A through a Hann window (mean 1/2) gives |X|² = (A·N/4)²; its mean square is A²/2. */
function purityOf(power: number, samples: Int16Array): number {
  const toneMeanSquare = (power * 8) / samples.length ** 2;
  const whole = meanSquare(samples);
  return whole === 0 ? 0 : Math.min(1, toneMeanSquare / whole);
}

function meanSquare(samples: Int16Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return samples.length === 0 ? 0 : sum / samples.length;
}
