import type { RoomCount } from "../livekit/client.ts";

/** What one list of rooms says about the calls that were asked for. */
export interface RoundVerdict {
  /** Call ids of rooms that are to be looked into: somebody seems to have gone. */
  readonly look: readonly string[];
  /** So many rooms are missing at once that LiveKit's list has to be doubted: nothing follows from it. */
  readonly isOutage: boolean;
}

/** One room may be gone; of more than this, half is an outage of the list. */
const FEW = 1;

/**
 * Judges a list of rooms against the one before. Many calls that vanish at once are an outage of the one who looks: with LiveKit's Redis
 * emptied, rooms are in no list whose callers and agents talk on (seen on livekit-server 1.13.5).
 */
export function judgeRound(
  asked: readonly string[],
  found: readonly RoomCount[],
  before: ReadonlyMap<string, RoomCount>,
): RoundVerdict {
  const listed = new Map(found.map((room) => [room.callId, room]));
  const missing = asked.filter((callId) => !listed.has(callId));
  const isOutage = missing.length > FEW && missing.length * 2 >= asked.length;
  const fewer = found.filter((room) => hasLost(room, before.get(room.callId))).map(({ callId }) => callId);
  const known = new Set(asked);
  return { look: [...(isOutage ? [] : missing), ...fewer.filter((callId) => known.has(callId))], isOutage };
}

/** Only a change is news: a list may be some seconds late, and an agent may have no track of its own. */
function hasLost({ callers, publishers }: RoomCount, before: RoomCount | undefined): boolean {
  return before !== undefined && (callers < before.callers || publishers < before.publishers);
}
