import type { CallRecord } from "./call-record.ts";

/**
 * Who the caller of an ended call got: the agent, the fallback, or nobody, because the caller left before (`abandoned`: not reached,
 * whatever the reason for having to wait). `again`: was put to the agent in another room, of which the next call tells.
 */
export const OUTCOMES = ["agent", "fallback", "abandoned", "again"] as const;
export type Outcome = (typeof OUTCOMES)[number];

export function outcomeOf({ state, timeline }: CallRecord): Outcome {
  if (wasPutAgain({ timeline })) return "again";
  if (timeline.some(({ event }) => event === "call.fallback")) return "fallback";
  const isReached = state.agentReady && state.legSid !== undefined && !state.isRinging;
  return isReached ? "agent" : "abandoned";
}

/** Whether another record has taken the call's place: its caller is that one's. */
export function wasPutAgain({ timeline }: Pick<CallRecord, "timeline">): boolean {
  return timeline.some(({ event }) => event === "call.again");
}
