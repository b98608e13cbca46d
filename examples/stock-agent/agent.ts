/** A stock LiveKit worker that takes the calls of the middleware, whose AGENT_NAME is `stock-agent` (docs/OWN_AGENT.md). */
import { fileURLToPath } from "node:url";
import { cli, defineAgent, ServerOptions, voice } from "@livekit/agents";
import { realtime } from "@livekit/agents-plugin-openai";
import { RoomEvent } from "@livekit/rtc-node";

const MOST_CALLS = 10;

// biome-ignore lint/style/noDefaultExport: the framework's job process looks for it there
export default defineAgent({
  async entry(context) {
    const call = JSON.parse(context.job.metadata) as { callId: string; flow: "callback" | "dial" };
    await context.connect();
    const session = new voice.AgentSession({ llm: new realtime.RealtimeModel(), aecWarmupDuration: null });
    await session.start({ agent: new voice.Agent({ instructions: "Be brief and friendly." }), room: context.room });
    const caller = await context.waitForParticipant();
    const isActive = () => caller.attributes["sip.callStatus"] === "active";
    while (!isActive())
      await new Promise((seen) => context.room.once(RoomEvent.ParticipantAttributesChanged, () => seen(undefined)));
    if (call.flow === "callback") await new Promise((joined) => setTimeout(joined, 1_300));
    session.generateReply({ instructions: "Greet the caller." });
  },
});

if (process.argv[1] === fileURLToPath(import.meta.url))
  cli.runApp(
    new ServerOptions({
      agent: fileURLToPath(import.meta.url),
      agentName: "stock-agent",
      host: "127.0.0.1", // of its health check
      port: 0,
      // By the calls that it has: the default, the machine's CPU, counts what others do there, and LiveKit asks no worker above 0.7.
      loadFunc: async (worker) => worker.activeJobs.length / MOST_CALLS,
    }),
  );
