import { LINES, type Line, lineOf, markerAt, markerHz } from "../../../sandbox/models/lines.ts";
import { SIGNALS } from "../../../service/agent/conversations/signals.ts";

const NAMES = Object.keys(LINES) as Line[];
const SECONDS = Array.from({ length: 10 }, (_, second) => second);
const MARKERS = NAMES.flatMap((line) => SECONDS.map((second) => ({ line, second, hz: markerHz(line, second) })));

test("each second of each line has a tone of its own, which a telephone carries", () => {
  expect(new Set(MARKERS.map(({ hz }) => hz)).size).toBe(MARKERS.length);
  for (const { line, second, hz } of MARKERS) {
    expect(markerAt(hz + 5)).toEqual({ line, second });
    expect(hz).toBeLessThan(3_400);
  }
});

test("an agent's signals are not markers", () => {
  for (const { hz } of Object.values(SIGNALS).flat()) expect(markerAt(hz)).toBeUndefined();
});

test("a line is known by its first sentence, also without what follows", () => {
  expect(lineOf(LINES.story)).toBe("story");
  expect(lineOf("Good day, this is the telephone assistant. ")).toBe("greeting");
  expect(lineOf("Something else.")).toBe("other");
  expect(lineOf("")).toBe("other");
});
