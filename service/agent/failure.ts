import { setTimeout as sleep } from "node:timers/promises";
import type { Room } from "@livekit/rtc-node";
import { FAILED_ATTRIBUTE, TIMERS } from "@trunkline/shared";

/** Shows the middleware that this agent cannot take its call, for as long as it needs to see that: it would wait for another one. */
export async function showFailure(room: Room): Promise<void> {
  if (!room.isConnected) return;
  await room.localParticipant?.setAttributes({ [FAILED_ATTRIBUTE]: "true" });
  await sleep(TIMERS.agentFailedMs);
}
