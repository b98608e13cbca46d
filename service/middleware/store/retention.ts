import { TIMERS } from "@trunkline/shared";
import type { CallRecord } from "../calls/call-record.ts";
import type { Retention } from "./call-store.ts";

export const DEFAULT_RETENTION: Retention = {
  endedMs: TIMERS.endedKeepSeconds * 1_000,
  activeMs: TIMERS.unendedKeepSeconds * 1_000,
};

/** A client that lags behind by more changes than this starts again with a list. */
export const RESUMABLE_CHANGES = 5_000;

/** How long a record that was written just now is kept, in ms. */
export function keepMs(record: CallRecord, retention: Retention): number {
  return record.state.phase === "ended" ? retention.endedMs : retention.activeMs;
}

/** The ids under which jambonz may ask for a call. */
export function sidsOf(record: CallRecord): string[] {
  return record.state.legSid === undefined ? [record.callSid] : [record.callSid, record.state.legSid];
}
