import type { CallRecord } from "./call-record.ts";
import type { CallEvent } from "./call-state.ts";

/** A leg's status as jambonz tells it. */
export interface LegStatus {
  readonly sid: string;
  /** A dialled leg names the leg that it was dialled for. */
  readonly parentSid?: string | undefined;
  /** trying, ringing, early-media, in-progress, completed, failed, busy or no-answer. */
  readonly status: string;
  /** Of the leg, as jambonz has it last. */
  readonly sipStatus?: number | undefined;
}

const FINAL = ["completed", "failed", "busy", "no-answer"];

/** Whether a leg with this status is over. */
export function isFinal(status: string): boolean {
  return FINAL.includes(status);
}

/** What a leg's status means for its call; undefined = nothing new. */
export function eventOfStatus(
  record: CallRecord,
  { sid, status, sipStatus }: LegStatus,
  at: number,
): CallEvent | undefined {
  if (sid === record.callSid) return isFinal(status) ? { type: "caller.ended", at, reason: status } : undefined;
  // The fallback's own dial has legs too.
  const isOther = record.state.legSid !== undefined && record.state.legSid !== sid;
  if (isOther) return undefined;
  if (isFinal(status)) return { type: "leg.ended", at, sipStatus };
  return { type: status === "in-progress" ? "leg.answered" : "leg.dialled", at, legSid: sid };
}
