import { type SipRequest, sipRequest } from "../../providers/livekit/api.ts";
import { sdk } from "../../providers/livekit/sdk.ts";
import { quoted } from "../../providers/text/foreign.ts";
import type { Connection } from "./connection.ts";

/** What the project's rooms say about an agent's name. LiveKit has no list of workers: only dispatches and their jobs show them. */
export interface AgentSeen {
  name: string;
  registered: "yes" | "no" | "unknown";
  /** How that is known, and how sure it is. */
  why: string;
}

/** The newest rooms are asked for their dispatches; more say no more. */
const MOST_ROOMS = 50;
/** A job request lives 3 s (livekit-server 1.13.5): a dispatch that is older and has no job was not taken. */
const TAKEN_WITHIN_S = 5;
const LENIENT = { ignoreUnknownFields: true } as const;

type Json = Parameters<ReturnType<typeof sdk>["Room"]["fromJson"]>[0];
type Dispatch = ReturnType<ReturnType<typeof sdk>["AgentDispatch"]["fromJson"]>;

/** Reads rooms and their dispatches; changes nothing. A project that does not answer says nothing. */
export async function agentsSeen(
  connection: Connection,
  names: readonly string[],
  now = Date.now(),
): Promise<AgentSeen[]> {
  if (names.length === 0) return [];
  try {
    const dispatches = await dispatchesOf(connection);
    return names.map((name) =>
      judge(
        name,
        dispatches.filter(({ agentName }) => agentName === name),
        now,
      ),
    );
  } catch {
    return names.map((name) => ({ name, registered: "unknown", why: "the project's rooms could not be read" }));
  }
}

/** The newest dispatch decides: a worker may have come or gone since the others. */
function judge(name: string, dispatches: readonly Dispatch[], now: number): AgentSeen {
  const [newest] = dispatches.toSorted((a, b) => createdAt(b) - createdAt(a));
  if (newest === undefined)
    return { name, registered: "unknown", why: "no room has a dispatch of it now; --probe asks for one" };
  const age = Math.round(now / 1000 - createdAt(newest));
  const jobs = newest.state?.jobs ?? [];
  if (jobs.length > 0)
    return {
      name,
      registered: "yes",
      why: `a worker took its dispatch in the room ${quoted(newest.room)}, ${age} s ago`,
    };
  if (age < TAKEN_WITHIN_S)
    return { name, registered: "unknown", why: `its dispatch in the room ${quoted(newest.room)} is ${age} s old` };
  return { name, registered: "no", why: `its dispatch in the room ${quoted(newest.room)} has waited for ${age} s` };
}

/** Seconds since 1970; LiveKit counts nanoseconds. */
function createdAt({ state }: Dispatch): number {
  return Number(state?.createdAt ?? 0n) / 1e9;
}

async function dispatchesOf(connection: Connection): Promise<Dispatch[]> {
  const { rooms } = await ask(connection, {
    method: "ListRooms",
    service: { name: "RoomService", grant: { roomList: true } },
    body: {},
  });
  const newest = list(rooms)
    .map((room) => sdk().Room.fromJson(room, LENIENT))
    .toSorted((a, b) => Number(b.creationTime - a.creationTime))
    .slice(0, MOST_ROOMS);
  const all = await Promise.all(newest.map(({ name }) => dispatchesIn(connection, name)));
  return all.flat();
}

export async function dispatchesIn(connection: Connection, room: string): Promise<Dispatch[]> {
  const service = { name: "AgentDispatchService", grant: { roomAdmin: true, room } } as const;
  const answer = await ask(connection, { method: "ListDispatch", service, body: { room } });
  const dispatches = answer.agent_dispatches ?? answer.agentDispatches;
  // A dispatch that was made with its room does not name it (livekit/livekit#4357).
  return list(dispatches).map((one) => Object.assign(sdk().AgentDispatch.fromJson(one, LENIENT), { room }));
}

/** Whether someone in this room publishes audio, so that a caller is answered; undefined: it could not be read. */
export async function isTalkingIn(connection: Connection, room: string): Promise<boolean | undefined> {
  try {
    const service = { name: "RoomService", grant: { roomAdmin: true, room } } as const;
    const { participants } = await ask(connection, { method: "ListParticipants", service, body: { room } });
    const all = list(participants).map((one) => sdk().ParticipantInfo.fromJson(one, LENIENT));
    return all.some(({ tracks }) => tracks.some(({ type, muted }) => type === sdk().TrackType.AUDIO && !muted));
  } catch {
    return undefined;
  }
}

export async function ask(
  { url, credentials }: Connection,
  request: Omit<SipRequest, "idempotent">,
): Promise<Record<string, unknown>> {
  return (await sipRequest(url, credentials, { ...request, idempotent: true })) ?? {};
}

function list(value: unknown): Json[] {
  return Array.isArray(value) ? (value as Json[]) : [];
}
