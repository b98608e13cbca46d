import { TIMERS } from "@trunkline/shared";
import type { CallRecord } from "../calls/call-record.ts";
import { wasPutAgain } from "../calls/outcome.ts";
import type { Retention } from "./call-store.ts";

export const DEFAULT_RETENTION: Retention = {
  endedMs: TIMERS.endedKeepSeconds * 1_000,
  activeMs: TIMERS.unendedKeepSeconds * 1_000,
  mostEnded: 20_000,
};

/** How long the ids of an ended call's legs are known: jambonz repeats hooks for seconds, and a signed one is good for 2 x 300 s. */
export const ENDED_SIDS_MS = 900_000;

/** A call's end that nobody has taken by then is given up: as long as an ended call is kept. */
export const EVENT_KEPT_MS = 86_400_000;

/** Ended calls that wait to be told, in Redis 0.7 KB each. */
export const MOST_EVENTS = 10_000;

/** A worker that has told nothing for so long is forgotten. */
export const PULSE_KEPT_MS = 60_000;

/** A client that lags behind by more changes than this starts again with a list. */
export const RESUMABLE_CHANGES = 5_000;

/** The ids under which jambonz may ask for a call. */
export function sidsOf(record: CallRecord): string[] {
  const { legSid } = record.state;
  return [...(wasPutAgain(record) ? [] : [record.callSid]), ...(legSid === undefined ? [] : [legSid])];
}
