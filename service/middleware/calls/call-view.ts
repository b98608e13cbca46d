import { AGENT_NAME, agentReportSchema, callFlowSchema, maskNumber, roomName } from "@trunkline/shared";
import { z } from "zod";
import type { CallRecord } from "./call-record.ts";
import { PHASES } from "./call-state.ts";
import { OUTCOMES, outcomeOf } from "./outcome.ts";
import { cureOf } from "./reasons.ts";

const milliseconds = z.int().min(0).describe("milliseconds since 1970");

/** A call as the list, the stream of events and the live page show it. */
export const callViewSchema = z
  .object({
    id: z.string(),
    state: z.enum(PHASES),
    flow: callFlowSchema,
    caller: z.string().describe("whole for holders of the token, else all but the last three digits hidden"),
    called: z.string(),
    carrier: z.string().optional().describe("the jambonz carrier the call came in on"),
    startedAt: milliseconds,
    endedAt: milliseconds.optional(),
    agent: z.object({
      name: z.string(),
      ready: z.boolean().describe("in the room, with an audio track"),
      report: agentReportSchema.optional().describe("how the call goes; at most a second older than the agent's own"),
    }),
    outcome: z
      .enum(OUTCOMES)
      .optional()
      .describe("of an ended call: who the caller got, or that the caller left before"),
    ids: z
      .object({
        room: z.string().describe("LiveKit's room, and the SIP user of the leg between LiveKit and jambonz"),
        livekitCallId: z.string().optional().describe("LiveKit's id of that leg, once it is seen in the room"),
        callSid: z.string().describe("jambonz's id of the caller's leg"),
        legSid: z.string().optional().describe("jambonz's id of the agent's leg"),
        sipCallId: z.string().optional().describe("Call-ID of the carrier's INVITE"),
        jambonzTraceId: z.string().optional(),
      })
      .describe("how each system names the call"),
    offeredCodecs: z.array(z.string()).readonly().optional().describe("by the carrier, in its order"),
    reason: z.string().optional().describe("why the call ended or got the fallback"),
    cure: z.string().optional().describe("what to do about the reason, where it is known"),
    timeline: z.array(z.object({ event: z.string(), at: milliseconds })),
  })
  .meta({ id: "Call" });
export type CallView = z.infer<typeof callViewSchema>;

/** @param whole whether the caller's number is shown in full */
export function viewOf(record: CallRecord, whole: boolean): CallView {
  const { context, state, timeline } = record;
  const { offeredCodecs, sipCallId, jambonzTraceId } = record.origin ?? {};
  const ended = state.phase === "ended";
  const cure = cureOf(state.reason);
  return {
    id: context.callId,
    state: state.phase,
    flow: context.flow,
    caller: whole ? context.caller : maskNumber(context.caller),
    called: context.called,
    ...(context.carrier === undefined ? {} : { carrier: context.carrier }),
    startedAt: state.startedAt,
    ...(ended ? { endedAt: state.phaseSince, outcome: outcomeOf(record) } : {}),
    agent: { name: AGENT_NAME, ready: state.agentReady, ...(state.agentReport && { report: state.agentReport }) },
    ...(state.reason === undefined ? {} : { reason: state.reason }),
    ...(cure && { cure }),
    ids: {
      room: roomName(context.callId),
      callSid: record.callSid,
      ...(state.livekitCallId && { livekitCallId: state.livekitCallId }),
      ...(state.legSid && { legSid: state.legSid }),
      ...(sipCallId && { sipCallId }),
      ...(jambonzTraceId && { jambonzTraceId }),
    },
    ...(offeredCodecs && { offeredCodecs }),
    timeline: [...timeline],
  };
}
