/** A hosted call in a process of its own, which says what is left of it after its end: `left-behind.ts URL TOKEN CALL-CONTEXT`. */
import { Call } from "../../../../service/agent/call.ts";
import { readHostConfig } from "../../../../service/agent/config.ts";
import { Echo } from "../../../../service/agent/conversations/echo.ts";
import { HostedConversation } from "../../../../service/agent/host/hosted-conversation.ts";
import { type CallContext, roomName, serviceLogger } from "../../../../service/shared/index.ts";

const [url = "", token = "", metadata = ""] = process.argv.slice(2);
const { callId } = JSON.parse(metadata) as CallContext;
const job = { id: "AJ_test", room: roomName(callId), metadata, url, token, identity: "agent-AJ_test", attempt: 1 };
const log = serviceLogger("agent");
const conversation = new HostedConversation(new Echo(readHostConfig({}).telephony), () =>
  log.info({ event: "call.prepared", callId }, "Ready"),
);
await new Call(job, { conversation, limitMs: 60_000, act: async () => undefined, log }).done;
conversation.release();
const listeners = globalThis._ffiClientInstance?.listenerCount("ffi_event");
log.info({ event: "call.left_behind", callId, listeners }, "What is left of the call");
process.exit(0);
