import { type AgentWord, BEAT_ATTRIBUTE, BUILD_ATTRIBUTE, callIdOfRoom } from "@trunkline/shared";
import { TrackType, type WebhookEvent } from "livekit-server-sdk";

const KIND_AGENT = 4;

/** What LiveKit's webhook says of a call: the words that its agent would use; undefined = nothing that is not told otherwise. */
export function wordOf({ event, room, participant, track }: WebhookEvent): AgentWord | undefined {
  const callId = callIdOfRoom(room?.name ?? "");
  if (callId === undefined) return undefined;
  if (event === "room_finished" || event === "participant_left") return { what: "left", callId, reason: event };
  if (participant === undefined || Number(participant.kind) !== KIND_AGENT) return undefined;
  const isReady =
    event === "track_published"
      ? track?.type === TrackType.AUDIO
      : event === "participant_joined" && isForeign(participant.attributes);
  return isReady ? { what: "ready", callId } : undefined;
}

/** As in views.ts: another LiveKit agent is ready when it is there. */
function isForeign(attributes: Readonly<Record<string, string>>): boolean {
  return !(BUILD_ATTRIBUTE in attributes) && !(BEAT_ATTRIBUTE in attributes);
}
