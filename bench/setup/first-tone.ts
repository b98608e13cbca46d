/** Long enough to tell tones of 100 Hz distance apart, short enough for 10 ms. */
const WINDOW_MS = 40;
const STEP_MS = 5;
const SAMPLE_RATE = 8_000;
/** A tone this much below a full-scale sine is there; what codecs leave of silence is far quieter. */
const AUDIBLE = 10 ** (-35 / 20);

/**
 * When a tone is first heard, in ms from the first sample; NaN = never.
 * @param samples 8 kHz, 16 bit.
 */
export function firstToneMs(samples: Int16Array, hz: number): number {
  const [size, step] = [(SAMPLE_RATE * WINDOW_MS) / 1_000, (SAMPLE_RATE * STEP_MS) / 1_000];
  for (let from = 0; from + size <= samples.length; from += step)
    if (holds(samples.subarray(from, from + size), hz)) return (from + size / 2) / (SAMPLE_RATE / 1_000);
  return Number.NaN;
}

/** The tone is audible in the window, and most of what is heard. */
function holds(window: Int16Array, hz: number): boolean {
  let [real, imaginary, energy] = [0, 0, 0];
  const omega = (2 * Math.PI * hz) / SAMPLE_RATE;
  window.forEach((sample, index) => {
    const hann = 0.5 - 0.5 * Math.cos((2 * Math.PI * index) / window.length);
    real += hann * sample * Math.cos(omega * index);
    imaginary += hann * sample * Math.sin(omega * index);
    energy += (hann * sample) ** 2;
  });
  const amplitude = Math.hypot(real, imaginary) / (window.length / 4) / 32_768;
  // A sine alone: |sum|² = energy · (sum of hann)² / (2 · sum of hann²) = energy · n / 3.
  return amplitude > AUDIBLE && real ** 2 + imaginary ** 2 > (0.5 * energy * window.length) / 3;
}
