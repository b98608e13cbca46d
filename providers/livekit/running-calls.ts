import type { Room, VideoGrant } from "livekit-server-sdk";
import { sipRequest } from "./api.ts";
import type { LiveKitCredentials } from "./environment.ts";
import { sdk } from "./sdk.ts";

/** So many rooms are asked for their participants at a time. */
const ROOMS_AT_ONCE = 20;
/** The attribute that livekit-sip gives every SIP participant (pkg/sip, livekit.AttrSIPTrunkID). */
const TRUNK_ATTRIBUTE = "sip.trunkID";

type Json = Parameters<typeof Room.fromJson>[0];
type Ask = (method: string, grant: VideoGrant, body: object) => Promise<Record<string, unknown> | undefined>;

/** Participants whose calls came in over one of these trunks (ListRooms, then ListParticipants of each). */
export async function runningCalls(
  host: string,
  credentials: LiveKitCredentials,
  trunkIds: readonly string[],
): Promise<number> {
  const ask: Ask = async (method, grant, body) => {
    const service = { name: "RoomService", grant } as const;
    return sipRequest(host, credentials, { method, body, service, idempotent: true });
  };
  const rooms = await roomNames(ask);
  let count = 0;
  for (let start = 0; start < rooms.length; start += ROOMS_AT_ONCE) {
    const some = rooms.slice(start, start + ROOMS_AT_ONCE);
    const counts = await Promise.all(some.map((room) => callsIn(ask, room, trunkIds)));
    count += counts.reduce((sum, calls) => sum + calls, 0);
  }
  return count;
}

/** All of them: a room's own count of participants is seconds behind (measured on livekit-server 1.13.5). */
async function roomNames(ask: Ask): Promise<string[]> {
  const answer = await ask("ListRooms", { roomList: true }, {});
  return items(answer?.rooms).map((room) => sdk().Room.fromJson(room, { ignoreUnknownFields: true }).name);
}

async function callsIn(ask: Ask, room: string, trunkIds: readonly string[]): Promise<number> {
  const answer = await ask("ListParticipants", { roomAdmin: true, room }, { room });
  const all = items(answer?.participants).map((item) =>
    sdk().ParticipantInfo.fromJson(item, { ignoreUnknownFields: true }),
  );
  return all.filter(({ attributes }) => trunkIds.includes(attributes[TRUNK_ATTRIBUTE] ?? "")).length;
}

/** None for a room that has closed meanwhile (404); a list that is missing was refused as an answer. */
function items(value: unknown): Json[] {
  return (value ?? []) as Json[];
}
