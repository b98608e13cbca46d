import { firstToneMs } from "../../../bench/setup/first-tone.ts";
import { generateTone } from "../../../sandbox/callers/tone.ts";

const PER_MS = 8;
const joined = (...parts: Int16Array[]) => Int16Array.from(parts.flatMap((part) => [...part]));
const silence = (ms: number) => new Int16Array(ms * PER_MS);

test.each([0, 123, 500, 1_234])("a tone from %i ms on is found within 30 ms, whatever was heard before", (ms) => {
  const ringback = generateTone(425, ms * PER_MS);
  const greeting = generateTone(700, 300 * PER_MS);
  expect(Math.abs(firstToneMs(joined(ringback, greeting), 700) - ms)).toBeLessThanOrEqual(30);
  expect(Math.abs(firstToneMs(joined(silence(ms), greeting), 700) - ms)).toBeLessThanOrEqual(30);
});

test("another tone, silence and nothing at all are never it", () => {
  for (const heard of [generateTone(900, 4_000), silence(500), new Int16Array(0)])
    expect(firstToneMs(heard, 700)).toBeNaN();
});
