import fc from "fast-check";
import { levelOf } from "../../../../service/agent/audio/spectrum.ts";
import { melody, tone } from "../../../../service/agent/audio/tone.ts";

test("a tone has the asked length, starts and ends silent, and never exceeds its level", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 80, max: 3800 }),
      fc.integer({ min: 20, max: 500 }),
      fc.double({ min: 0.01, max: 1, noNaN: true }),
      (hz, ms, level) => {
        const samples = tone({ hz, ms }, 16_000, level);
        expect(samples).toHaveLength(16 * ms);
        expect(Math.max(...samples.map(Math.abs))).toBeLessThanOrEqual(Math.ceil(32_767 * level));
        expect([samples[0], samples.at(-1)]).toEqual([0, 0]);
      },
    ),
    { numRuns: 50 },
  );
});

test("a tone at a quarter of full scale is at -15 dB", () => {
  expect(levelOf(tone({ hz: 700, ms: 1_000 }, 16_000))).toBeCloseTo(-15, 0);
});

test("a melody plays its notes one after another", () => {
  const notes = [
    { hz: 700, ms: 300 },
    { hz: 900, ms: 200 },
  ];
  const samples = melody(notes, 8_000);
  expect(samples).toHaveLength(4_000);
  expect(samples.slice(2_400)).toEqual(tone({ hz: 900, ms: 200 }, 8_000));
});
