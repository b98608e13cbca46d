import type { CallRecord } from "./call-record.ts";

/**
 * Who the caller of an ended call got: the agent, the fallback, or nobody, because the caller left before (`abandoned`: not reached,
 * whatever the reason for having to wait).
 */
export const OUTCOMES = ["agent", "fallback", "abandoned"] as const;
export type Outcome = (typeof OUTCOMES)[number];

export function outcomeOf({ state, timeline }: CallRecord): Outcome {
  if (timeline.some(({ event }) => event === "call.fallback")) return "fallback";
  const isReached = state.agentReady && state.legSid !== undefined && !state.isRinging;
  return isReached ? "agent" : "abandoned";
}
