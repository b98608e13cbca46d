import { isDeepStrictEqual } from "node:util";
import type { CallEvent, CallState, Step } from "./call-model.ts";

/**
 * Keeps with the call what a look into its room told: the agent's latest report, LiveKit's id of the leg. Neither decides
 * anything here.
 */
export function noteNews(step: Step, event: CallEvent): Step {
  if (event.type === "agent.reported") return withNews(step, { agentReport: event.report });
  if (event.type === "leg.created") return withNews(step, id(event.livekitCallId));
  if (event.type !== "tick" || event.room === undefined) return step;
  const { agentReport, livekitCallId } = event.room;
  return withNews(step, { ...(agentReport && { agentReport }), ...id(livekitCallId) });
}

function id(livekitCallId: string | undefined): Pick<CallState, "livekitCallId"> {
  return livekitCallId ? { livekitCallId } : {};
}

function withNews(step: Step, news: Partial<CallState>): Step {
  const state = { ...step.state, ...news };
  return isDeepStrictEqual(state, step.state) ? step : { ...step, state };
}
