/** The framework's own worker with a model, as its documentation shows it, on the same model servers: `BENCH_CONVERSATION` says which. */
import { fileURLToPath } from "node:url";
import { cli, defineAgent, inference, ServerOptions, voice } from "@livekit/agents";
import { realtime } from "@livekit/agents-plugin-openai";
import { RoomEvent } from "@livekit/rtc-node";
import { AGENT_NAME } from "@trunkline/shared";

const MOST_CALLS = 40;
const INSTRUCTIONS = "Be brief and friendly.";

function newSession(): voice.AgentSession {
  if (process.env.BENCH_CONVERSATION === "realtime")
    return new voice.AgentSession({ llm: new realtime.RealtimeModel({ model: "gpt-realtime" }) });
  const [stt, tts] = [
    new inference.STT({ model: "deepgram/nova-3" }),
    new inference.TTS({ model: "cartesia/sonic-3" }),
  ];
  const llm = new inference.LLM({ model: "openai/gpt-4.1-mini" });
  return new voice.AgentSession({ stt, llm, tts, turnHandling: { turnDetection: "stt" } });
}

// biome-ignore lint/style/noDefaultExport: the framework's job process looks for the agent there
export default defineAgent({
  async entry(context) {
    const call = JSON.parse(context.job.metadata) as { flow: "callback" | "dial" };
    await context.connect();
    const session = newSession();
    await session.start({ agent: new voice.Agent({ instructions: INSTRUCTIONS }), room: context.room });
    const caller = await context.waitForParticipant();
    while (caller.attributes["sip.callStatus"] !== "active")
      await new Promise((seen) => context.room.once(RoomEvent.ParticipantAttributesChanged, () => seen(undefined)));
    if (call.flow === "callback") await new Promise((joined) => setTimeout(joined, 1_300));
    session.generateReply({ instructions: "Greet the caller." });
  },
});

if (process.argv[1] === fileURLToPath(import.meta.url))
  cli.runApp(
    new ServerOptions({
      agent: fileURLToPath(import.meta.url),
      agentName: AGENT_NAME,
      host: "127.0.0.1", // of its health check
      port: 0,
      // By its calls: the default, the machine's CPU, counts the callers and the model servers, too.
      loadFunc: async (worker) => worker.activeJobs.length / MOST_CALLS,
    }),
  );
