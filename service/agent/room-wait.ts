import type { Room, RoomEvent } from "@livekit/rtc-node";
import type { CallEnd } from "./call-end.ts";

/**
 * Looks now and again after each of the given room events, until there is something.
 * @throws CallEnded when the call ends first.
 */
export async function lookUntil<T>(
  room: Room,
  events: readonly RoomEvent[],
  end: CallEnd,
  look: () => T | undefined,
): Promise<T> {
  let lookAgain: () => void = () => undefined;
  const found = new Promise<T>((resolve) => {
    lookAgain = () => {
      const seen = look();
      if (seen !== undefined) resolve(seen);
    };
  });
  for (const event of events) room.on(event, lookAgain);
  lookAgain();
  try {
    return await end.during(found);
  } finally {
    for (const event of events) room.off(event, lookAgain);
  }
}
