/**
 * A traced call without a room, run as a process of its own: `traced-call.ts echo|framework`. With the framework a text session with its
 * own fake model is part of the call. Prints which packages were loaded: `{"loaded"}`.
 */
import { registerHooks } from "node:module";

const urls: string[] = [];
registerHooks({
  load: (url, context, next) => {
    urls.push(url);
    return next(url, context);
  },
});
const { CallMetrics } = await import("../../../../service/agent/call-metrics.ts");
const { CallTimes } = await import("../../../../service/agent/call-times.ts");
const { loadTracing } = await import("../../../../service/agent/telemetry/load.ts");

const withFramework = process.argv[2] === "framework";
const tracing = await loadTracing(process.env, withFramework);
const times = new CallTimes();
const metrics = new CallMetrics(times);
const call = { callId: "the-call", flow: "dial", caller: "+4930123456", called: "+4940654321", headers: {} } as const;
const trace = tracing.begin(call);
await trace.run(async () => {
  times.note("joined");
  times.note("active");
  metrics.turn(640);
  if (withFramework) await talk();
});
trace.end({ reason: "caller_left", times, report: metrics.report() });
await tracing.close();
const packages = ["@opentelemetry/sdk-trace-node/", "@opentelemetry/exporter-trace-otlp-proto/", "@livekit/agents/"];
console.log(JSON.stringify({ loaded: packages.filter((name) => urls.some((url) => url.includes(name))) }));
process.exit(0);

async function talk(): Promise<void> {
  const { initializeLogger, voice } = await import("@livekit/agents");
  initializeLogger({ pretty: false, level: "error" });
  const llm = new voice.testing.FakeLLM([{ input: "my name is Rumpelstiltskin", content: "Hello Rumpelstiltskin" }]);
  const session = new voice.AgentSession({ llm });
  await session.start({ agent: new voice.Agent({ instructions: "Help." }) });
  await session.run({ userInput: "my name is Rumpelstiltskin" }).wait();
  await session.close();
}
