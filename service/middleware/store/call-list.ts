import type { CallRecord } from "../calls/call-record.ts";
import type { CallPage, CallPosition, CallQuery } from "./call-store.ts";

/** Order of a list: newest first, equal times by descending id, so that a position is unique. */
export function byNewest(one: CallRecord, other: CallRecord): number {
  const difference = other.state.startedAt - one.state.startedAt;
  if (difference !== 0) return difference;
  return one.context.callId < other.context.callId ? 1 : -1;
}

/** Whether a query asks for that call. */
export function isAsked(record: CallRecord, { states, after, from, to }: CallQuery): boolean {
  const { phase, startedAt } = record.state;
  if (from !== undefined && startedAt < from) return false;
  if (to !== undefined && startedAt >= to) return false;
  return states.includes(phase) && isBehind(record, after);
}

/** Whether a call comes after that position. */
function isBehind(record: CallRecord, after: CallPosition | undefined): boolean {
  if (after === undefined) return true;
  const { startedAt, callId } = positionOf(record);
  return startedAt < after.startedAt || (startedAt === after.startedAt && callId < after.callId);
}

/** The first page of an ordered list. */
export function pageOf(records: readonly CallRecord[], limit: number): CallPage {
  const page = records.slice(0, limit);
  const last = page.at(-1);
  return records.length > limit && last !== undefined ? { records: page, next: positionOf(last) } : { records: page };
}

function positionOf(record: CallRecord): CallPosition {
  return { startedAt: record.state.startedAt, callId: record.context.callId };
}
