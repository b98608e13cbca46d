import type { CallFacts, TestCall } from "./test-calls.ts";

/** Whoever is at the telephone: somebody at a terminal, or a SIP caller that can hear. */
export interface Person {
  /** Several test calls at once. */
  readonly canOverlap: boolean;
  /** How long is waited for its call to come, and for its end. */
  readonly patience: { comesMs: number; lastsMs: number };
  /**
   * Begins the call and returns at once.
   * @returns the number it calls from, where that is known: `+49…`, or its last digits
   */
  begin(call: TestCall, facts: CallFacts): Promise<{ from?: string }>;
  /** Asked after the call; undefined: cannot tell. */
  answer(call: TestCall, question: TestCall["questions"][number]): Promise<boolean | undefined>;
  /** The codec of its leg, where it can see that; after the call. */
  codec(call: TestCall): Promise<string | undefined>;
  /** False: it was not stopped, and the call without it is left out. */
  stopAgent(): Promise<boolean>;
  startAgent(): Promise<void>;
}
