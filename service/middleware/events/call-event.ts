import { z } from "zod";
import type { CallRecord } from "../calls/call-record.ts";
import { callViewSchema, viewOf } from "../calls/call-view.ts";

/** What is sent when a call has ended, once a call. */
export const callEventSchema = z
  .object({
    version: z.literal(1).describe("grows when receivers have to change; new fields may come without"),
    type: z.literal("call.ended"),
    at: z.iso.datetime().describe("when the call ended"),
    call: callViewSchema.describe("as GET /livekit-api/calls/{id} has it, numbers whole"),
  })
  .meta({ id: "CallEvent" });
type CallEvent = z.infer<typeof callEventSchema>;

/** The same for each attempt: receivers leave out what they have. */
export function keyOf({ context }: CallRecord): string {
  return `call.ended ${context.callId}`;
}

export function bodyOf(record: CallRecord): string {
  const at = new Date(record.state.phaseSince).toISOString();
  const event: CallEvent = { version: 1, type: "call.ended", at, call: viewOf(record, true) };
  return JSON.stringify(event);
}
