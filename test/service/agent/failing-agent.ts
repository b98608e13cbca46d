/** An agent whose conversation fails in the middle, run as a process of its own: `failing-agent.ts URL TOKEN CALL-CONTEXT`. */
import { Call } from "../../../service/agent/call.ts";
import { readHostConfig } from "../../../service/agent/config.ts";
import type { LiveCall } from "../../../service/agent/conversations/conversation.ts";
import { Echo } from "../../../service/agent/conversations/echo.ts";
import { RoomStay } from "../../../service/agent/room-stay.ts";
import { type CallContext, roomName, serviceLogger } from "../../../service/shared/index.ts";

class Failing extends Echo {
  override async talk({ end }: LiveCall): Promise<void> {
    await end.pause(500);
    throw new Error("The model has gone away");
  }
}

const [url = "", token = "", metadata = ""] = process.argv.slice(2);
const { callId } = JSON.parse(metadata) as CallContext;
const job = { id: "AJ_test", room: roomName(callId), metadata, url, token, identity: "agent-AJ_test", attempt: 1 };
const { telephony } = readHostConfig({});
const parts = {
  conversation: new Failing(telephony),
  limitMs: 60_000,
  languageOf: () => "en-GB",
  act: async () => undefined,
};
const log = serviceLogger("agent");
await new Call(new RoomStay(job, log), { ...parts, log }).done;
process.exit(0);
