/** The same conversation on the framework's own worker with the settings it comes with, as a process of its own. */
import { fileURLToPath } from "node:url";
import { AgentServer, initializeLogger, ServerOptions } from "@livekit/agents";
import { AGENT_NAME, serviceLogger } from "@trunkline/shared";

const log = serviceLogger("agent");
initializeLogger({ pretty: false, level: "warn" });
const server = new AgentServer(
  new ServerOptions({
    agent: fileURLToPath(new URL("stock-job.ts", import.meta.url)),
    agentName: AGENT_NAME,
    wsURL: process.env.LIVEKIT_URL ?? "",
    apiKey: process.env.LIVEKIT_API_KEY ?? "",
    apiSecret: process.env.LIVEKIT_API_SECRET ?? "",
    production: true,
    host: "127.0.0.1",
    port: 0,
  }),
);
server.event.on("worker_registered", () => log.info({ event: "agent.registered" }, "Registered with LiveKit"));
await server.run();
