import { Ear, type Utterance } from "../../../sandbox/models/ear.ts";
import { tone } from "../../../service/agent/audio/tone.ts";

const RATE = 16_000;

function listen(parts: { hz: number; ms: number }[], pieceMs: number) {
  const heard: { started: number[]; understood: Utterance[]; stopped: Utterance[] } = {
    started: [],
    understood: [],
    stopped: [],
  };
  const ear = new Ear(RATE, () => 300, {
    started: (at) => heard.started.push(at),
    understood: (utterance) => heard.understood.push(utterance),
    stopped: (utterance) => heard.stopped.push(utterance),
  });
  const samples = Int16Array.from(parts.flatMap((part) => [...tone(part, RATE)]));
  const piece = (RATE * pieceMs) / 1_000;
  for (let at = 0; at < samples.length; at += piece) ear.hear(samples.slice(at, at + piece));
  return heard;
}

test.each([10, 50, 130])("an utterance has a beginning, an end and a tone, in pieces of %d ms", (pieceMs) => {
  const parts = [
    { hz: 0, ms: 500 },
    { hz: 1_234, ms: 700 },
    { hz: 0, ms: 600 },
  ];
  const { started, understood, stopped } = listen(parts, pieceMs);
  expect(started).toEqual([500]);
  expect(understood).toHaveLength(1);
  expect(stopped).toHaveLength(1);
  expect(stopped[0]).toMatchObject({ fromMs: 500, toMs: 1_200 });
  expect(Math.abs((stopped[0]?.hz ?? 0) - 1_234)).toBeLessThan(5);
});

test("a click is no utterance, and a short pause ends none", () => {
  const click = [
    { hz: 800, ms: 40 },
    { hz: 0, ms: 500 },
  ];
  expect(listen(click, 20).started).toEqual([]);
  const stutter = [
    { hz: 800, ms: 300 },
    { hz: 0, ms: 200 },
    { hz: 800, ms: 300 },
    { hz: 0, ms: 400 },
  ];
  expect(listen(stutter, 20).stopped).toHaveLength(1);
});
