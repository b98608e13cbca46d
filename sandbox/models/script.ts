import { LINES, type Line } from "./lines.ts";

/** What a caller can say to the stand-ins: a tone for each, and the words that a recognizer makes of it. */
export const PHRASES = {
  question: { hz: 1_234, words: "What are your opening hours on Saturday" },
  goodbye: { hz: 620, words: "That was all thank you and good-bye" },
  transfer: { hz: 680, words: "Please let me talk to a human" },
  secondHuman: { hz: 740, words: "Please let me talk to the manager" },
  story: { hz: 1_010, words: "Please tell me a long story" },
  hold: { hz: 1_070, words: "Please hold on for a moment" },
  keys: { hz: 1_130, words: "Please press one two three" },
} as const;

const NEAR_HZ = 20;

/** What the model is to answer to. */
export interface Turn {
  /** `caller`: words. `instructions`: of the application, without a caller's word. `tool`: what a tool has answered. */
  by: "caller" | "instructions" | "tool";
  text: string;
  /** The names of the tools that the model may use. */
  tools: readonly string[];
}

export interface Reply {
  say?: Line | { text: string };
  call?: readonly { name: string; args: object }[];
}

/** The model: what it answers. */
export type Script = (turn: Turn) => Reply;

/** The words of a tone. */
export function wordsOf(hz: number): string {
  const phrase = Object.values(PHRASES).find((known) => Math.abs(known.hz - hz) <= NEAR_HZ);
  return phrase?.words ?? `I sing at ${hz} hertz`;
}

export function textOf({ say }: Reply): string {
  return say === undefined ? "" : typeof say === "string" ? LINES[say] : say.text;
}

/** A polite assistant. */
export const assistant: Script = ({ by, text, tools }) => {
  if (by === "instructions") return { say: instructed(text) };
  if (by === "tool") return afterTool(text);
  const asked = Object.entries(PHRASES).find(([, { words }]) => text.includes(words))?.[0] as keyof typeof PHRASES;
  const reply = REPLIES[asked] ?? { say: "answer" };
  return { ...reply, ...(reply.call && { call: reply.call.filter(({ name }) => tools.includes(name)) }) };
};

const REPLIES: Partial<Record<keyof typeof PHRASES, Reply>> = {
  goodbye: { say: "goodbye", call: [{ name: "hangUp", args: {} }] },
  transfer: { say: "announcement", call: [{ name: "transferCall", args: { human: 1 } }] },
  secondHuman: { say: "announcement", call: [{ name: "transferCall", args: { human: 2 } }] },
  story: { say: "story" },
  hold: { call: [{ name: "hold", args: {} }] },
  keys: { call: [{ name: "pressKeys", args: { keys: "123" } }] },
};

function instructed(text: string): Line {
  if (/still there/i.test(text)) return "stillThere";
  return /good-?bye/i.test(text) ? "goodbye" : "greeting";
}

/** A tool that has failed is answered for; one that worked needs no word. */
function afterTool(output: string): Reply {
  return /error|not |refuse|fail/i.test(output)
    ? { say: { text: "I am sorry, that did not work." } }
    : { say: "answer" };
}
