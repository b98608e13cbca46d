import fc from "fast-check";
import { durationOf, parseStream } from "../../../sandbox/jambonz/tone-stream.ts";

const silence = (ms: number) => ({ kind: "silence", ms });
const tone = (ms: number, ...hz: number[]) => ({ kind: "tone", hz, ms, level: -7 });

test("German ringback: one second of 425 Hz, four of silence, twenty times", () => {
  const audio = parseStream("tone_stream://L=20;%(1000,4000,425)");
  expect(audio).toEqual({ segments: [tone(1000, 425), silence(4000)], repeats: 20 });
  expect(audio && durationOf(audio)).toBe(100_000);
});

test.each([
  ["two frequencies", "%(2000,4000,440,480)", [tone(2000, 440, 480), silence(4000)]],
  ["several tones in one part", "%(100,0,400)%(200,0,500)", [tone(100, 400), tone(200, 500)]],
  ["several parts", "%(100,0,400);%(200,0,500)", [tone(100, 400), tone(200, 500)]],
  ["a volume", "v=-20;%(100,0,400)", [{ ...tone(100, 400), level: -20 }]],
  ["a volume out of range", "v=3;%(100,0,400)", [tone(100, 400)]],
  ["the next tone repeated", "l=2;%(100,0,400)%(200,0,500)", [tone(100, 400), tone(100, 400), tone(200, 500)]],
  ["DTMF with default times", "d=100;w=50;7", [tone(100, 859, 1209), silence(50)]],
  ["DTMF with its own times", "0(80,20)", [tone(80, 941, 1336), silence(20)]],
  ["a tone of 0 Hz, which is dropped with its pause", "%(100,500,0)%(100,0,400)", [tone(100, 400)]],
  ["a syntax error, which drops the rest", "%(100,0,400)%(5)%(100,0,500)", [tone(100, 400)]],
  [
    "jambonz's beep",
    "v=-7;%(100,0,941.0,1477.0);v=-7;>=2;+=.1;%(1400,0,350,440)",
    [tone(100, 941, 1477), tone(1400, 350, 440)],
  ],
])("%s", (_what, score, segments) => {
  expect(parseStream(`tone_stream://${score}`)).toEqual({ segments, repeats: 1 });
});

test(";loops= counts repetitions after the first, -1 is for ever", () => {
  expect(parseStream("tone_stream://%(1,0,400);loops=2")?.repeats).toBe(3);
  expect(parseStream("tone_stream://%(1,0,400);loops=-1")?.repeats).toBe(Number.POSITIVE_INFINITY);
});

test("silence_stream takes milliseconds; 0 or less is for ever", () => {
  expect(parseStream("silence_stream://500")).toEqual({ segments: [silence(500)], repeats: 1 });
  expect(parseStream("silence_stream://1500,1400")).toEqual({ segments: [silence(1500)], repeats: 1 });
  expect(parseStream("silence_stream://-1")?.repeats).toBe(Number.POSITIVE_INFINITY);
});

test("other URLs are no stream", () => {
  expect(parseStream("https://example.org/a.wav")).toBeUndefined();
});

test("any list of tones comes out as it went in", () => {
  const entry = fc.tuple(
    fc.integer({ min: 1, max: 9999 }),
    fc.integer({ min: 1, max: 9999 }),
    fc.integer({ min: 1, max: 3900 }),
  );
  fc.assert(
    fc.property(fc.array(entry, { minLength: 1 }), (notes) => {
      const score = notes.map(([on, off, hz]) => `%(${on},${off},${hz})`).join(";");
      const expected = notes.flatMap(([on, off, hz]) => [tone(on, hz), silence(off)]);
      expect(parseStream(`tone_stream://${score}`)?.segments).toEqual(expected);
    }),
  );
});
