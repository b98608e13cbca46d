/** An agent that connects to its room anew in the middle of a conversation, as after an outage: `reconnecting-agent.ts URL TOKEN CALL-CONTEXT`. */
import { RoomEvent, SimulateScenarioKind } from "@livekit/rtc-node";
import { Call } from "../../../service/agent/call.ts";
import { readHostConfig } from "../../../service/agent/config.ts";
import type { LiveCall } from "../../../service/agent/conversations/conversation.ts";
import { Echo } from "../../../service/agent/conversations/echo.ts";
import { RoomStay } from "../../../service/agent/room-stay.ts";
import { type CallContext, roomName, serviceLogger } from "../../../service/shared/index.ts";

const log = serviceLogger("agent");

class Reconnecting extends Echo {
  override async talk(live: LiveCall): Promise<void> {
    setTimeout(() => void live.room.simulateScenario(SimulateScenarioKind.SIMULATE_FULL_RECONNECT), 1_500);
    live.room.on(RoomEvent.Reconnected, () => stay.stop("job_terminated")); // as LiveKit does then
    live.room.on(RoomEvent.ParticipantDisconnected, () => log.info({ event: "told.left" }, "Everybody has left"));
    await super.talk(live);
  }
}

const [url = "", token = "", metadata = ""] = process.argv.slice(2);
const { callId } = JSON.parse(metadata) as CallContext;
const job = { id: "AJ_test", room: roomName(callId), metadata, url, token, identity: "agent-AJ_test", attempt: 1 };
const { telephony } = readHostConfig({});
const parts = {
  conversation: new Reconnecting(telephony),
  limitMs: 60_000,
  languageOf: () => "en-GB",
  act: async () => undefined,
};
const stay = new RoomStay(job, log);
await new Call(stay, { ...parts, log }).done;
process.exit(0);
