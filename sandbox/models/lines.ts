/**
 * What the stand-ins' voice says. One sentence after another, as a language model's text reaches a speech model; the first sentence
 * tells which line it is.
 */
export const LINES = {
  greeting: "Good day, this is the telephone assistant. How can I help you?",
  answer: "We are open from nine to five. Is there anything else?",
  goodbye: "Thank you for your call. Good-bye and have a nice day.",
  stillThere: "Are you still there?",
  announcement: "I am connecting you with a colleague now.",
  story:
    "Once upon a time there was a telephone. It rang and rang, and in the end it was picked up. " +
    "The caller had a question about a delivery, and the question was a long one. So was the answer.",
  /** Whatever else is said. */
  other: "",
} as const;
export type Line = keyof typeof LINES;

const NAMES = Object.keys(LINES) as Line[];
/** Above every other sound of the sandbox (hold music, signals, the special information tone), below the end of the telephone band. */
const LOWEST_HZ = 1_900;
const STEP_HZ = 20;
const SECONDS = 10;
const NEAR_HZ = 8;

/** The line that a sentence, or several of them, is or begins. */
export function lineOf(text: string): Line {
  const start = text.trim().slice(0, 20);
  return NAMES.find((name) => start !== "" && LINES[name].startsWith(start)) ?? "other";
}

/** The tone under a line's nth second: each second of each line has another, so that what a caller has heard of it can be measured. */
export function markerHz(line: Line, second: number): number {
  return LOWEST_HZ + STEP_HZ * (SECONDS * NAMES.indexOf(line) + Math.min(second, SECONDS - 1));
}

/** The reverse; undefined for a tone that is not a marker. */
export function markerAt(hz: number): { line: Line; second: number } | undefined {
  const step = Math.round((hz - LOWEST_HZ) / STEP_HZ);
  const line = NAMES[Math.floor(step / SECONDS)];
  if (line === undefined || Math.abs(hz - LOWEST_HZ - step * STEP_HZ) > NEAR_HZ) return undefined;
  return { line, second: step % SECONDS };
}
