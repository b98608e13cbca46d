import fc from "fast-check";
import { decode, encode } from "../../../sandbox/callers/g711.ts";
import { amplitudeOf, dominantTone, generateTone, heardTones } from "../../../sandbox/callers/tone.ts";

const frequency = fc.integer({ min: 300, max: 3_000 });
const level = fc.integer({ min: -30, max: 0 });
const codec = fc.constantFrom("PCMA" as const, "PCMU" as const);

function silence(ms: number): Int16Array {
  return new Int16Array(8 * ms);
}

function joined(...parts: Int16Array[]): Int16Array {
  return Int16Array.from(parts.flatMap((part) => [...part]));
}

/** Repeatable noise, so that a failing example fails again: a linear congruential generator. */
function noise(length: number, amplitude: number, seed: number): Int16Array {
  let state = seed >>> 0;
  return Int16Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.round((state / 2 ** 31 - 1) * amplitude);
  });
}

function mixed(a: Int16Array, b: Int16Array): Int16Array {
  return a.map((sample, i) => Math.max(-32_768, Math.min(32_767, sample + (b[i] ?? 0))));
}

describe("the dominant tone of 100 ms", () => {
  it("is found within 10 Hz, through either law, at any level and phase", () => {
    fc.assert(
      fc.property(frequency, level, codec, fc.nat(8_000), (hz, dbm0, law, from) => {
        const line = decode(law, encode(law, generateTone(hz, 800, from, dbm0)));
        const tone = dominantTone(line);
        expect(Math.abs((tone?.hz ?? 0) - hz)).toBeLessThanOrEqual(10);
        expect(Math.abs((tone?.level ?? 0) - dbm0)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it("is found in noise of the same peak", () => {
    fc.assert(
      fc.property(frequency, codec, fc.nat(), (hz, law, seed) => {
        const signal = mixed(generateTone(hz, 800, 0, -15), noise(800, amplitudeOf(-15), seed));
        const tone = dominantTone(decode(law, encode(law, signal)));
        expect(Math.abs((tone?.hz ?? 0) - hz)).toBeLessThanOrEqual(10);
      }),
    );
  });

  it("is not found in silence, nor in noise alone", () => {
    expect(dominantTone(silence(100))).toBeUndefined();
    expect(dominantTone(decode("PCMA", encode("PCMA", silence(100))))).toBeUndefined();
    fc.assert(fc.property(fc.nat(), (seed) => dominantTone(noise(800, 10_000, seed)) === undefined));
  });
});

describe("the tones heard in a recording", () => {
  it("are told with their times, equal neighbours merged", () => {
    const recording = joined(silence(200), generateTone(425, 8_000), silence(500), generateTone(800, 2_400));
    expect(heardTones(recording)).toEqual([
      { hz: 425, fromMs: 200, toMs: 1_200, level: -10 },
      { hz: 800, fromMs: 1_700, toMs: 2_000, level: -10 },
    ]);
  });

  it("change without a pause where one follows the other", () => {
    const heard = heardTones(joined(generateTone(425, 4_000), generateTone(1_000, 4_000)));
    expect(heard.map(({ hz, fromMs, toMs }) => [hz, fromMs, toMs])).toEqual([
      [425, 0, 500],
      [1_000, 500, 1_000],
    ]);
  });

  it("are none in silence", () => {
    expect(heardTones(silence(3_000))).toEqual([]);
  });
});
