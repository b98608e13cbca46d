/**
 * A module of the user's with OpenAI's realtime model, on the sandbox's model server, run as a process of its own (jest cannot load the
 * framework's modules): `own-realtime.ts late|refuses`. Prints `{"connectMs","error","open","left"}`.
 */
import { realtime } from "@livekit/agents-plugin-openai";
import { Models } from "../../../../sandbox/models/models.ts";
import { ownSession } from "../../../../service/agent/conversations/own.ts";
import type { OwnAgent } from "../../../../service/agent/own-agent.ts";
import { useFrameworkLog } from "../../../../service/agent/telemetry/framework-log.ts";

useFrameworkLog("silent");
const models = await Models.start();
const { OPENAI_API_KEY: apiKey, OPENAI_BASE_URL: baseURL } = models.environment("realtime");
const own = {
  session: () => ({
    llm: new realtime.RealtimeModel({ ...(apiKey && { apiKey }), ...(baseURL && { baseURL }) }),
    vad: null,
  }),
} as unknown as OwnAgent;
if (process.argv[2] === "late") models.faults.onConnect("realtime", { kind: "late", ms: 800 });
else models.faults.onConnect("realtime", { kind: "status", status: 401 });
const call = { callId: "id", flow: "dial", caller: "+4930123456", called: "+4940654321", headers: {} } as const;
const session = await ownSession(own, call);
const startedAt = Date.now();
const error = await session.connect().then(
  () => undefined,
  (reason: unknown) => String(reason),
);
const connectMs = Date.now() - startedAt;
const open = models.openSockets;
await session.close();
for (const until = Date.now() + 2_000; models.openSockets > 0 && Date.now() < until; )
  await new Promise((done) => setTimeout(done, 20));
console.log(JSON.stringify({ connectMs, error, open, left: models.openSockets }));
process.exit(0);
