import type { Room } from "livekit-server-sdk";
import { z } from "zod";
import { credentialsFor } from "../livekit/environment.ts";
import { dispatchService, roomService } from "../livekit/sdk.ts";

const CALL_PREFIX = "call-";
const ROOMS_AT_ONCE = 20;
/** What the middleware writes into a room's metadata (service/shared/room-metadata.ts). A standby room has no caller. */
const markSchema = z.object({ stack: z.string().optional(), standby: z.boolean().default(false) });

/** Whose calls are counted. */
interface Whose {
  /** The LiveKit project. */
  readonly host: string;
  /** The stack's identity, which marks the rooms of its calls; and the one before, if it has changed. */
  readonly stackIds: readonly string[];
  /** The name the agent is dispatched by. */
  readonly agentName: string;
}

/**
 * How many rooms of the stack's calls LiveKit has. How many are in a room is known only seconds later; and a call's room closes 5 s after
 * everybody has left.
 * @param unmarkedToo also counts rooms without a mark into which the agent was dispatched: of a middleware that set no marks
 */
export async function callsInProgress(whose: Whose, unmarkedToo: boolean): Promise<number> {
  const rooms = await roomService(whose.host, credentialsFor(whose.host)).listRooms();
  const live = rooms.filter(({ name, metadata }) => name.startsWith(CALL_PREFIX) && !markOf(metadata).standby);
  const own = live.filter(({ metadata }) => whose.stackIds.includes(markOf(metadata).stack ?? ""));
  if (!unmarkedToo) return own.length;
  const unmarked = live.filter(({ metadata }) => markOf(metadata).stack === undefined);
  return own.length + (await withAgent(whose, unmarked));
}

async function withAgent({ host, agentName }: Whose, rooms: readonly Room[]): Promise<number> {
  const dispatches = dispatchService(host, credentialsFor(host));
  const has = async ({ name }: Room) =>
    (await dispatches.listDispatch(name)).some((one) => one.agentName === agentName);
  let count = 0;
  for (let start = 0; start < rooms.length; start += ROOMS_AT_ONCE) {
    const found = await Promise.all(rooms.slice(start, start + ROOMS_AT_ONCE).map(has));
    count += found.filter(Boolean).length;
  }
  return count;
}

function markOf(metadata: string): z.infer<typeof markSchema> {
  try {
    return markSchema.parse(JSON.parse(metadata));
  } catch {
    return { standby: false };
  }
}
