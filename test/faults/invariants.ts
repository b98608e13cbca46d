import type { Verdict } from "../../bench/calls/judge.ts";

/** A call's record, as far as the invariants look at it. */
export interface KeptRecord {
  callId: string;
  callSid: string;
  phase: string;
  /** Its caller was put to the agent again, in another room. */
  wasPutAgain: boolean;
}

/** What was seen of a fault's calls: while it lasted, and when everything had come to rest. */
export interface Observed {
  /** Call ids of all rooms that ever were there. */
  roomsSeen: readonly string[];
  /** Of all calls, earlier ones too: an agent that comes late opens the room of a call that is over anew. */
  records: readonly KeptRecord[];
  /** Call ids of the rooms that are still there. */
  roomsLeft: readonly string[];
  /** SIP legs that are still there. */
  legsLeft: number;
  callers: readonly (Verdict & { silenceMs?: number })[];
  /** Until when each caller had to have the agent or the fallback, ms after the INVITE. */
  limitMs: Readonly<Record<Verdict["flow"], number>>;
  /** How long a caller may hear nothing after the greeting, ms. */
  mostSilenceMs?: number | undefined;
}

/** What has to hold whatever fails. One sentence for each violation, with the ids it is about; empty = all is well. */
export function violationsOf(observed: Observed): string[] {
  return [
    ...twoRooms(observed),
    ...roomsWithoutRecord(observed),
    ...activeRecords(observed),
    ...leftovers(observed),
    ...callersWithoutAnybody(observed),
    ...callersInSilence(observed),
  ];
}

/** One call_sid, one room at a time: the same webhook again must not make another. */
function twoRooms({ records, roomsSeen }: Observed): string[] {
  const rooms = new Map<string, string[]>();
  for (const { callId, callSid, wasPutAgain } of records)
    if (!wasPutAgain && roomsSeen.includes(callId)) rooms.set(callSid, [...(rooms.get(callSid) ?? []), callId]);
  return [...rooms]
    .filter(([, ids]) => ids.length > 1)
    .map(([callSid, ids]) => `the call ${callSid} had ${ids.length} rooms: ${ids.join(", ")}`);
}

function roomsWithoutRecord({ records, roomsSeen }: Observed): string[] {
  const known = new Set(records.map(({ callId }) => callId));
  return roomsSeen
    .filter((callId) => !known.has(callId) && !known.has(firstTryOf(callId)))
    .map((callId) => `the room of ${callId} has no record`);
}

/** LiveKit may make a room that was tried for a caller, and given up, only later. */
function firstTryOf(callId: string): string {
  return callId.replace(/-\d$/, "");
}

function activeRecords({ records }: Observed): string[] {
  return records
    .filter(({ phase }) => phase !== "ended")
    .map(({ callId, phase }) => `the record of ${callId} stays ${phase}`);
}

function leftovers({ roomsLeft, legsLeft }: Observed): string[] {
  const rooms = roomsLeft.map((callId) => `the room of ${callId} is left`);
  return legsLeft === 0 ? rooms : [...rooms, `${legsLeft} SIP legs are left`];
}

function callersWithoutAnybody({ callers, limitMs }: Observed): string[] {
  return callers.flatMap((caller) => {
    const { flow, outcome, waitMs, seen } = caller;
    if (outcome === "lost") return [`the caller of the flow ${flow} got nobody: ${seen}`];
    const late = waitMs > limitMs[flow];
    return late ? [`the caller of the flow ${flow} got the ${outcome} after ${waitMs} ms, not ${limitMs[flow]}`] : [];
  });
}

function callersInSilence({ callers, mostSilenceMs = Number.POSITIVE_INFINITY }: Observed): string[] {
  return callers
    .filter(({ silenceMs = 0 }) => silenceMs > mostSilenceMs)
    .map(
      ({ flow, silenceMs }) => `the caller of the flow ${flow} heard nothing for ${silenceMs} ms, not ${mostSilenceMs}`,
    );
}
