import { isDeepStrictEqual } from "node:util";
import type { CallEvent, Step } from "./call-model.ts";

/** Keeps the agent's latest report with the call. A report decides nothing: whatever it says, the call goes the same way. */
export function noteReport(step: Step, event: CallEvent): Step {
  const report = event.type === "tick" ? event.room?.agentReport : undefined;
  if (report === undefined || isDeepStrictEqual(report, step.state.agentReport)) return step;
  return { ...step, state: { ...step.state, agentReport: report } };
}
