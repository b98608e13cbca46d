import { z } from "zod";
import { agentReportSchema } from "./agent-report.ts";

const id = z.string().min(1).max(255);
const MOST_CALLS = 1_000;

/** Something that has happened in a call, in the words of its agent. */
const agentWordSchema = z.discriminatedUnion("what", [
  /** Can hear and speak, or waits in a room that was made ahead. */
  z.object({ what: z.literal("ready"), callId: id }),
  /** Cannot take its call. */
  z.object({ what: z.literal("failed"), callId: id }),
  /** Has left its room. */
  z.object({ what: z.literal("left"), callId: id, reason: id }),
  z.object({ what: z.literal("report"), callId: id, report: agentReportSchema }),
]);
export type AgentWord = z.infer<typeof agentWordSchema>;

/** How one worker fares, and what is new in its calls: sent every `TIMERS.workerPulseMs`, and at once when there is news. */
export const agentPulseSchema = z.object({
  /** Of one process: a worker that is started again has another. */
  worker: id,
  /** How many more calls it takes now. */
  free: z.int().min(0),
  /** Ids of the calls, and of the rooms made ahead, whose agents live in it. */
  calls: z.array(id).max(MOST_CALLS),
  news: z.array(agentWordSchema).max(MOST_CALLS),
});
export type AgentPulse = z.infer<typeof agentPulseSchema>;
