import { likeness } from "../../sandbox/calls/likeness.ts";
import { failurePhrase } from "../../service/agent/audio/phrases.ts";
import { melody } from "../../service/agent/audio/tone.ts";

const german = failurePhrase("de");

test("a phrase is found in a recording that is quieter, noisy and has it somewhere", () => {
  const recording = new Int16Array(german.length + 24_000).map(() => 400 * (Math.random() - 0.5));
  german.forEach((sample, index) => {
    recording[index + 9_117] = (recording[index + 9_117] ?? 0) + sample / 3;
  });
  expect(likeness(recording, german)).toBeGreaterThan(0.9);
});

test("neither another sentence nor tones are taken for it", () => {
  const others = new Int16Array([
    ...failurePhrase("en"),
    ...melody([{ hz: 950, ms: 3_000 }], 8_000),
    ...new Int16Array(16_000),
  ]);
  expect(likeness(others, german)).toBeLessThan(0.75);
});
