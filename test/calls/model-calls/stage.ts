import { lengthOf } from "../../../sandbox/calls/model-caller.ts";
import type { FlowName, System } from "../../../sandbox/calls/system.ts";
import type { ServiceName } from "../../../sandbox/models/fault.ts";
import type { ModelConversation, Models } from "../../../sandbox/models/models.ts";

/** What the callers of a conversation share: one started system. */
export interface Stage {
  system: System;
  models: Models;
  conversation: ModelConversation;
}

export const FLOWS = ["callback", "dial"] as const satisfies FlowName[];

/** Which services a conversation connects to before it is ready, and which of them answer. */
export const SERVICES: Readonly<Record<ModelConversation, { connects: ServiceName[]; answers: ServiceName[] }>> = {
  realtime: { connects: ["realtime"], answers: ["realtime"] },
  pipeline: { connects: ["stt", "tts"], answers: ["llm", "tts"] },
};

/** The agent may refer to it, the middleware does not dial it. */
export const FOREIGN = "+4989300999";

/** Hz, of the agent's signals. */
export const TONES = {
  /** The first of the three that tell of a failure. */
  failure: 950,
  filler: 450,
  /** Of the good-bye of an agent without a voice. */
  signal: 750,
  hold: 500,
} as const;
const NEAR_HZ = 15;

interface Tone {
  hz: number;
  fromMs: number;
  toMs: number;
}

export function tonesOf(heard: readonly Tone[], name: keyof typeof TONES): Tone[] {
  return heard.filter(({ hz }) => Math.abs(hz - TONES[name]) < NEAR_HZ);
}

export const hears = (name: keyof typeof TONES, { heard }: { heard: Tone[] }) => tonesOf(heard, name).length > 0;

export const both = <T>(work: (flow: FlowName) => Promise<T>) => Promise.all(FLOWS.map(work));

/** A promise that is looked at later: until then its failure is nobody's. */
export function later<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

/** Longer than it takes until a line that was asked for is over. */
export async function answerMs(line: "answer" | "greeting" = "answer"): Promise<number> {
  return (await lengthOf(line)) + 2_000;
}
