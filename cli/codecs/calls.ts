import { join } from "node:path";
import { RoomAgentDispatch } from "livekit-server-sdk";
import type { AudioOffer } from "../../sandbox/callers/sdp.ts";
import { type CallerReport, type Phone, type PlaceCallOptions, placeCall } from "../../sandbox/callers/sipp-caller.ts";
import { CALLED, type System } from "../../sandbox/calls/system.ts";
import type { SeenEvent } from "../../sandbox/start/event-log.ts";
import { AGENT_NAME, type CallContext, newCallId, roomName, TIMERS } from "../../service/shared/index.ts";
import { converse } from "./conversation.ts";
import { type Measured, measuredOf } from "./measured.ts";
import type { Row } from "./rows.ts";

/** Where livekit-sip is called, and as whom. */
export interface DirectEntry {
  target: string;
  auth: { username: string; password: string };
}

/** No call lasts longer, whatever goes wrong in it. */
const HOLD_MS = 60_000;
const ANSWER_LIMIT_MS = 30_000;

/** Places the row's call and measures it. `index` makes its caller number its own. */
export async function callRow(system: System, entry: DirectEntry, row: Row, index: number): Promise<Measured> {
  const from = `+4989777${String(index).padStart(3, "0")}`;
  return row.path === "direct" ? callDirectly(system, entry, row, from) : callThroughJambonz(system, row, from);
}

/** The room and the agent first, as the middleware does it; then the INVITE. */
async function callDirectly(system: System, { target, auth }: DirectEntry, row: Row, from: string): Promise<Measured> {
  const callId = newCallId();
  const room = roomName(callId);
  const call: CallContext = { callId, flow: "dial", caller: from, called: room, headers: {} };
  await system.rooms.createRoom({
    name: room,
    emptyTimeout: TIMERS.roomEmptySeconds,
    departureTimeout: TIMERS.roomDepartureSeconds,
    agents: [new RoomAgentDispatch({ agentName: AGENT_NAME, metadata: JSON.stringify(call) })],
  });
  const events = () => system.events.ofCall(callId);
  const hangUp = () => system.rooms.deleteRoom(room);
  const { placed, said } = await talk(system, { target, auth, from, to: room, offer: row.offer }, events, hangUp);
  return measuredOf(placed, said, []);
}

async function callThroughJambonz(system: System, row: Row, from: string): Promise<Measured> {
  const events = () => {
    const invite = system.events.find(({ event, fields }) => event === "call.invite" && fields.from === from);
    return invite?.sipCallId === undefined ? [] : system.events.ofCall(invite.sipCallId);
  };
  const hangUp = async () => {
    const callId = events().find((event) => event.callId)?.callId;
    if (callId !== undefined) await system.rooms.deleteRoom(roomName(callId));
  };
  const to = row.path === "dial" ? CALLED.dial : CALLED.callback;
  const options = { target: system.jambonz.sipAddress, from, to, offer: row.offer };
  const { placed, said } = await talk(system, options, events, hangUp);
  return measuredOf(placed, said, events());
}

/** One call from INVITE to BYE. Whoever has said and heard everything ends it by closing the room: LiveKit hangs up. */
async function talk(
  system: System,
  options: Pick<PlaceCallOptions, "target" | "auth" | "from" | "to"> & { offer: AudioOffer },
  events: () => SeenEvent[],
  hangUp: () => Promise<void>,
): Promise<{ placed: CallerReport; said: Awaited<ReturnType<typeof converse>> }> {
  const { promise: handed, resolve: hand } = Promise.withResolvers<Phone>();
  let isOver = false;
  const placing = placeCall(system.supervisor, {
    ...options,
    toneHz: 0,
    folder: join(system.supervisor.folder, "callers"),
    holdMs: HOLD_MS,
    bye: "callee",
    timeoutMs: ANSWER_LIMIT_MS,
    onPhone: hand,
  }).finally(() => {
    isOver = true;
  });
  const phone = await Promise.race([handed, placing.then(() => undefined)]);
  phone?.say(0); // as telephones do: silence is sent, too
  const talking =
    phone &&
    converse(phone, { events, isOver: () => isOver }, options.offer.keys ?? true).finally(() =>
      hangUp().catch(() => undefined),
    ); // gone already
  const [placed, said] = await Promise.all([placing, talking]);
  return { placed, said: said ?? { ms: 0, keyToAgent: false, keyToCaller: false } };
}
