import { chooseTone } from "../../../sandbox/start/tone-choice.ts";

test("a new frequency each call, away from every other tone of the sandbox", () => {
  const tones = Array.from({ length: 200 }, () => chooseTone(""));
  expect(new Set(tones).size).toBeGreaterThan(50);
  for (const hz of tones)
    for (const taken of [300, 425, 700, 900]) expect(Math.abs(hz - taken)).toBeGreaterThanOrEqual(80);
});

test("TRUNKLINE_TONE_HZ chooses it", () => {
  expect(chooseTone("1234")).toBe(1234);
});

test.each(["299", "3001", "high"])("TRUNKLINE_TONE_HZ=%s is refused", (text) => {
  expect(() => chooseTone(text)).toThrow(
    expect.objectContaining({ code: "USAGE", message: expect.stringContaining(text) }),
  );
});
