import { inference, voice } from "@livekit/agents";
import { type NewSession, TELEPHONE } from "./session.ts";
import type { PipelineSettings } from "./settings.ts";
import { CallStt, CallTts } from "./speech-models.ts";

/** A caller waits meanwhile: what does not come at once is tried once more, and then told. */
const CONNECTIONS = { maxRetry: 1, retryIntervalMs: 250, timeoutMs: 8_000 };

/** Speech to text, a language model, text to speech, through LiveKit's inference. The speech model tells where a turn ends. */
export function pipelineSession(settings: PipelineSettings): NewSession {
  const { apiKey, apiSecret, baseUrl, endpointingMs } = settings;
  const access = { apiKey, apiSecret, ...(baseUrl !== undefined && { baseURL: baseUrl }) };
  return ({ voice: name, language }) => {
    const stt = new CallStt({ model: settings.stt, language, ...access });
    const tts = new CallTts({ model: settings.tts, language, ...access, ...(name !== undefined && { voice: name }) });
    const session = new voice.AgentSession({
      ...{ stt, llm: new inference.LLM({ model: settings.llm, ...access }), tts, vad: null, ...TELEPHONE },
      turnHandling: { turnDetection: "stt", endpointing: { minDelay: endpointingMs } },
      connOptions: {
        ...{ sttConnOptions: CONNECTIONS, llmConnOptions: CONNECTIONS, ttsConnOptions: CONNECTIONS },
        maxUnrecoverableErrors: 0,
      },
    });
    return { session, connected: Promise.all([stt.connected, tts.connect()]), close: () => tts.close() };
  };
}
