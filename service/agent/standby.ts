import { RoomEvent } from "@livekit/rtc-node";
import { type Logger, roomMark } from "@trunkline/shared";
import { CallEnded } from "./call-end.ts";
import type { RoomStay } from "./room-stay.ts";
import { lookUntil } from "./room-wait.ts";

/**
 * Waits in a room until the middleware gives it to a call, by the room's metadata: the way in is behind the agent then. Nothing is published
 * before, so that a waiting agent sends nothing, and every conversation begins as it does in a room of its own.
 * @param onWaiting called when the agent is in the room.
 * @returns the call's context as JSON; undefined when the stay has ended first, and the room has been left.
 */
export async function standBy(stay: RoomStay, onWaiting: () => void, log: Logger): Promise<string | undefined> {
  const about = { room: stay.job.room };
  try {
    await stay.join();
    onWaiting();
    log.info({ event: "agent.standing_by", ...about }, "The agent waits for a call");
    return await givenTo(stay);
  } catch (error) {
    stay.end.end("failed");
    if (!(error instanceof CallEnded))
      log.error({ event: "standby.failed", err: error, ...about }, "Could not stand by");
    await stay.leave();
    log.info({ event: "standby.ended", reason: stay.end.reason, ...about }, "The agent waits no longer");
    return undefined;
  }
}

function givenTo({ room, end }: RoomStay): Promise<string> {
  return lookUntil(room, [RoomEvent.RoomMetadataChanged], end, () =>
    room.metadata && !roomMark(room.metadata).isStandby ? room.metadata : undefined,
  );
}
