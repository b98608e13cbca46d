/** A hosted call in a process of its own, which says what is left of it after its end: `left-behind.ts URL TOKEN CALL-CONTEXT`. */
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { Call } from "../../../service/agent/call.ts";
import { readHostConfig } from "../../../service/agent/config.ts";
import { Echo } from "../../../service/agent/conversations/echo.ts";
import { RoomStay } from "../../../service/agent/room-stay.ts";
import { type CallContext, roomName, serviceLogger } from "../../../service/shared/index.ts";

const [url = "", token = "", metadata = ""] = process.argv.slice(2);
const { callId } = JSON.parse(metadata) as CallContext;
const job = { id: "AJ_test", room: roomName(callId), metadata, url, token, identity: "agent-AJ_test", attempt: 1 };
const log = serviceLogger("agent");
await new Call(new RoomStay(job, log), {
  conversation: new Echo(readHostConfig({}).telephony),
  limitMs: 60_000,
  languageOf: () => "en",
  act: async () => undefined,
  onReady: () => log.info({ event: "call.prepared", callId }, "Ready"),
  log,
}).done;
const listeners = globalThis._ffiClientInstance?.listenerCount("ffi_event");
for (let rest = 20; rest > 0 && voices() > 0; rest--) await sleep(100); // a thread ends in its own time
log.info({ event: "call.left_behind", callId, listeners, voices: voices() }, "What is left of the call");
process.exit(0);

/** How many threads send a track's audio. */
function voices(): number {
  const names = readdirSync("/proc/self/task").map((task) => readFileSync(`/proc/self/task/${task}/comm`, "utf8"));
  return names.filter((name) => name.startsWith("AudioSourceCapt")).length;
}
