import { type HeardSound, Listener } from "../../../../service/agent/audio/listener.ts";
import { tone } from "../../../../service/agent/audio/tone.ts";

const RATE = 16_000;
const silence = (ms: number) => new Int16Array((RATE * ms) / 1000);

/** Gives the parts to a listener as LiveKit does, in frames of 20 ms, and returns what it told. */
function listenTo(...parts: Int16Array[]): HeardSound[] {
  const listener = new Listener(RATE);
  const samples = parts.flatMap((part) => [...part]);
  const frames = Array.from({ length: samples.length / 320 }, (_, i) =>
    Int16Array.from(samples.slice(i * 320, (i + 1) * 320)),
  );
  return frames.flatMap((frame) => listener.hear(frame) ?? []);
}

test("tells the first sound once, with its frequency and level", () => {
  const heard = listenTo(silence(500), tone({ hz: 1_234, ms: 2_000 }, RATE));
  expect(heard).toHaveLength(1);
  expect(heard[0]?.hz).toBeCloseTo(1_234, 0);
  expect(heard[0]?.level).toBeCloseTo(-15, 0);
});

test("tells nothing before 200 ms are complete, and nothing of what is too quiet to be speech", () => {
  expect(listenTo(tone({ hz: 1_000, ms: 180 }, RATE))).toEqual([]);
  expect(listenTo(tone({ hz: 1_000, ms: 1_000 }, RATE, 0.003))).toEqual([]);
});

test("a pause within speech is not a new sound, a second of silence makes the next one new", () => {
  const beep = tone({ hz: 500, ms: 400 }, RATE);
  const other = tone({ hz: 1_500, ms: 400 }, RATE);
  expect(listenTo(beep, silence(600), other)).toHaveLength(1);
  expect(listenTo(beep, silence(1_000), other).map(({ hz }) => Math.round(hz / 10) * 10)).toEqual([500, 1_500]);
});
