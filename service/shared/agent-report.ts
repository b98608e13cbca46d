import { z } from "zod";

/** The agent's participant carries its report under this attribute, as JSON: whoever may look into the room may read it. */
export const REPORT_ATTRIBUTE = "trunkline.report";

/** A call cannot last longer than a day. */
const milliseconds = z.int().min(0).max(86_400_000);

/** How a call has gone so far, as its agent measured it. */
export const agentReportSchema = z.object({
  joinMs: milliseconds.describe("from the job to being in the room"),
  readyMs: milliseconds.optional().describe("from the job to the published audio track"),
  firstAudioMs: milliseconds.optional().describe("from the moment when the caller can hear to the agent's first sound"),
  turns: z.int().min(0).describe("how often the agent has answered the caller"),
  turnLatencyMs: z
    .object({ mean: milliseconds, longest: milliseconds })
    .optional()
    .describe("from the caller's last sound to the agent's answer"),
  interruptions: z.int().min(0).describe("how often the caller spoke over the agent"),
  connectMs: milliseconds.optional().describe("from the beginning to connected models; missing without a model"),
  tokens: z
    .object({ input: z.int().min(0), output: z.int().min(0) })
    .optional()
    .describe("what the language model has read and written so far; missing without a model"),
  mediaGap: z
    .object({
      since: z.int().min(0).describe("when the last packet came, milliseconds since 1970"),
      isFromStart: z.boolean().describe("whether none has come at all"),
    })
    .optional()
    .describe("there while no packets come from the caller: a hold, suppressed silence, a broken line"),
  legLost: z
    .boolean()
    .optional()
    .describe(
      "whether the caller's leg in LiveKit sends nothing and does not answer: its livekit-sip, or LiveKit itself, is dead",
    ),
  speech: z
    .object({ heardSeconds: z.number().min(0), spokenSeconds: z.number().min(0), spokenCharacters: z.int().min(0) })
    .optional()
    .describe("what speech models have heard and spoken so far; missing without them"),
});
export type AgentReport = z.infer<typeof agentReportSchema>;

/** The report in a participant's attributes; undefined when there is none, or it is not one. */
export function readAgentReport(attributes: Readonly<Record<string, string>>): AgentReport | undefined {
  const text = attributes[REPORT_ATTRIBUTE];
  if (text === undefined) return undefined;
  try {
    return agentReportSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
