import fc from "fast-check";
import { dominantTone, levelOf } from "../../../../service/agent/audio/spectrum.ts";
import { tone } from "../../../../service/agent/audio/tone.ts";

/** Like `count` samples of noise, the same every time (a linear congruential generator). */
function noise(count: number): Int16Array {
  let state = 1;
  return Int16Array.from({ length: count }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return (state / 2 ** 31 - 0.5) * 16_000;
  });
}

test("finds any telephone tone within 2 Hz, at every sample rate, loud or quiet", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 100, max: 3_700 }),
      fc.constantFrom(8_000, 16_000, 48_000),
      fc.double({ min: 0.01, max: 0.9, noNaN: true }),
      (hz, sampleRate, level) => {
        const found = dominantTone(tone({ hz, ms: 200 }, sampleRate, level), sampleRate);
        expect(Math.abs(found.hz - hz)).toBeLessThanOrEqual(2);
        expect(found.purity).toBeGreaterThan(0.9);
      },
    ),
    { numRuns: 40 },
  );
});

test("noise is no pure tone", () => {
  expect(dominantTone(noise(3_200), 16_000).purity).toBeLessThan(0.2);
});

test("of two tones the louder one wins", () => {
  const loud = tone({ hz: 1_000, ms: 200 }, 16_000, 0.4);
  const quiet = tone({ hz: 1_600, ms: 200 }, 16_000, 0.1);
  const both = loud.map((sample, i) => sample + (quiet[i] ?? 0));
  expect(dominantTone(both, 16_000).hz).toBeCloseTo(1_000, 0);
});

test("silence has no level and no purity", () => {
  expect(levelOf(new Int16Array(160))).toBe(-Infinity);
  expect(dominantTone(new Int16Array(3_200), 16_000).purity).toBe(0);
});
