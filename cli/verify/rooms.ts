import { type ParticipantInfo, type RoomServiceClient, TrackType } from "livekit-server-sdk";
import { roomService } from "../../providers/livekit/sdk.ts";
import { roomName } from "../../service/shared/index.ts";
import type { Connection } from "../livekit/connection.ts";
import type { RoomLook } from "./seen.ts";

/** livekit_models.proto, ParticipantInfo.Kind: the SDK does not export it. */
const KIND = { sip: 3, agent: 4 };

/** The rooms of calls, as LiveKit's API shows them. Only looks. */
export class CallRooms {
  readonly #rooms: RoomServiceClient;

  constructor({ url, credentials }: Connection) {
    this.#rooms = roomService(url, credentials);
  }

  /** Undefined: there is no such room (any more), or LiveKit does not answer. */
  async look(callId: string): Promise<RoomLook | undefined> {
    const participants = await this.#rooms.listParticipants(roomName(callId)).catch(() => []);
    return participants.length === 0 ? undefined : roomLook(participants);
  }

  async exists(callId: string): Promise<boolean> {
    return (await this.#rooms.listRooms([roomName(callId)])).length > 0;
  }
}

/** Pure. */
export function roomLook(participants: readonly ParticipantInfo[]): RoomLook {
  const of = (kind: number) => participants.filter((participant) => Number(participant.kind) === kind);
  const caller = of(KIND.sip).at(0);
  return {
    sipCallId: caller?.attributes["sip.callID"] ?? "",
    callerActive: caller?.attributes["sip.callStatus"] === "active",
    agentAudible: of(KIND.agent).some(({ tracks }) => tracks.some(({ type }) => type === TrackType.AUDIO)),
  };
}

/** The later look, unless the earlier one saw more. */
export function betterLook(earlier: RoomLook | undefined, later: RoomLook | undefined): RoomLook | undefined {
  if (earlier === undefined || later === undefined) return later ?? earlier;
  const score = ({ callerActive, agentAudible }: RoomLook) => Number(callerActive) + Number(agentAudible);
  return score(later) >= score(earlier) ? later : earlier;
}
