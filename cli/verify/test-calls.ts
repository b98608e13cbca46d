import {
  agentHangsUp,
  answered,
  type Check,
  callerHangsUp,
  codec,
  fallback,
  greeting,
  keys,
  transferred,
} from "./checks.ts";
import type { Question } from "./seen.ts";

/** What a test call needs to know of the stack. */
export interface CallFacts {
  /** The number that is called. */
  number: string;
  /** The first number a transfer may go to; undefined: none is declared. */
  transferTarget: string | undefined;
}

/** One call: what to do, what to ask, what is judged. Data only. */
export interface TestCall {
  id: "talk" | "agent-hangs-up" | "transfer" | "fallback";
  title: string;
  /** For whoever is at the telephone: one thing a line. */
  todo(facts: CallFacts): string[];
  /** Asked when the call is over: nothing but an ear can tell. */
  questions: readonly { id: Question; text: string }[];
  checks: readonly Check[];
  /** The agent is stopped before, and started after. */
  withoutAgent?: true;
  /** Why it cannot be made; undefined: it can. */
  impossible?(facts: CallFacts): string | undefined;
}

export const TEST_CALLS: readonly TestCall[] = [
  {
    id: "talk",
    title: "Talk, press keys, hang up",
    todo: ({ number }) => [
      `Call ${number} and listen to the greeting from its first word.`,
      "Press 0 and go on talking. Press * 8: the agent puts you on hold. Press #: it is back.",
      "(An agent without these commands: press 0, *, # and hear that the call goes on.)",
      "Then hang up.",
    ],
    questions: [
      { id: "greetingWhole", text: "Was the greeting whole, its first syllable too?" },
      {
        id: "keysAnswered",
        text: "Did the agent answer the keys as it should, and did the call survive each of them?",
      },
    ],
    checks: [answered, greeting, keys, codec, callerHangsUp],
  },
  {
    id: "agent-hangs-up",
    title: "The agent hangs up",
    todo: ({ number }) => [
      `Call ${number}. After the greeting press * 0 (or take leave of the agent): it hangs up.`,
      "Do not hang up yourself.",
    ],
    questions: [{ id: "lineEnded", text: "Did the line end by itself?" }],
    checks: [agentHangsUp],
  },
  {
    id: "transfer",
    title: "The agent transfers",
    todo: ({ number, transferTarget = "" }) => [
      `Call ${number}. After the greeting press * 1 (or ask for it): you are connected with ${transferTarget}.`,
      "Talk for a moment, then let the other one hang up.",
    ],
    questions: [{ id: "transferHeard", text: "Did you reach the other number, and hear each other?" }],
    checks: [transferred],
    impossible: ({ transferTarget }) =>
      transferTarget === undefined ? "the stack declares no number to transfer to (allowedTargets)" : undefined,
  },
  {
    id: "fallback",
    title: "Nobody answers",
    withoutAgent: true,
    todo: ({ number }) => [`Call ${number}. The agent is stopped: wait for the fallback, up to 20 s. Then hang up.`],
    questions: [{ id: "fallbackHeard", text: "Did you get the declared fallback, without silence before it?" }],
    checks: [fallback],
  },
];
