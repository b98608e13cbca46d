/**
 * A text session of the framework with its own fake model, which calls the tool named in argv for any input, run as a process of its
 * own (jest cannot load the framework's modules). Prints what the tool did: `{"ended","acts"}`.
 */
import { initializeLogger, voice } from "@livekit/agents";
import { CallEnd, type CallEnded } from "../../../service/agent/call-end.ts";
import { CallMetrics } from "../../../service/agent/call-metrics.ts";
import { CallTimes } from "../../../service/agent/call-times.ts";
import { callTools } from "../../../service/agent/conversations/call-tools.ts";
import type { LiveCall } from "../../../service/agent/conversations/conversation.ts";
import type { RoomAction } from "../../../service/agent/host/messages.ts";
import { serviceLogger } from "../../../service/shared/index.ts";

const [name = "", args = "{}", targets = ""] = process.argv.slice(2);
initializeLogger({ pretty: false, level: "error" });
const acts: RoomAction[] = [];
const end = new CallEnd();
const times = new CallTimes();
const live = {
  call: { callId: "call-id", flow: "dial", caller: "+4930123456", called: "+4940654321", headers: {} },
  caller: { identity: "caller-call-id" },
  end,
  times,
  metrics: new CallMetrics(times),
  act: async (action: RoomAction) => void acts.push(action),
  log: serviceLogger("agent"),
} as unknown as LiveCall;
const telephony = {
  silence: { askAfterMs: 0, endAfterMs: 0 },
  callLimitMs: 60_000,
  transferTargets: targets.split(",").filter((target) => target !== ""),
};
const tools = callTools({ live }, telephony);
const llm = new voice.testing.FakeLLM([{ input: "please", toolCalls: [{ name, args: JSON.parse(args) }] }]);
const session = new voice.AgentSession({ llm });
await session.start({ agent: new voice.Agent({ instructions: "Help.", tools }) });
await session.run({ userInput: "please" }).wait();
const ended = end.signal.aborted ? (end.signal.reason as CallEnded).reason : undefined;
console.log(JSON.stringify({ ended, acts, tools: Object.keys(tools) }));
process.exit(0);
