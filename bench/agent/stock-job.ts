import { defineAgent } from "@livekit/agents";
import { serviceLogger } from "@trunkline/shared";
import { Call } from "../../service/agent/call.ts";
import { readHostConfig } from "../../service/agent/config.ts";
import { Echo } from "../../service/agent/conversations/echo.ts";
import { RoomStay } from "../../service/agent/room-stay.ts";

const log = serviceLogger("agent");
const { telephony } = readHostConfig({});

const agent = defineAgent({
  async entry(context) {
    const { job, url, token } = context.info;
    const identity = context.info.acceptArguments.identity;
    const call = { id: job.id, room: job.room?.name ?? "", metadata: job.metadata, url, token, identity, attempt: 1 };
    const conversation = new Echo(telephony);
    const parts = {
      conversation,
      limitMs: telephony.callLimitMs,
      languageOf: () => "en",
      act: async () => undefined,
      log,
    };
    const reason = await new Call(new RoomStay(call, log), parts).done;
    context.shutdown(reason);
  },
});

// biome-ignore lint/style/noDefaultExport: the framework's job process looks for the agent there
export default agent;
