import { inference, voice } from "@livekit/agents";
import { type NewSession, TELEPHONE } from "./session.ts";
import type { PipelineSettings } from "./settings.ts";
import { CallStt, CallTts } from "./speech-models.ts";

/** A caller waits meanwhile: what does not come at once is tried once more, and then told. */
const CONNECTIONS = { maxRetry: 1, retryIntervalMs: 250, timeoutMs: 8_000 };
/** The framework's second attempt has no text any more, which the first one has taken, and waits for ever: the conversation says it again. */
const ONE_ATTEMPT = { ...CONNECTIONS, maxRetry: 0 };

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
        ...{ sttConnOptions: CONNECTIONS, llmConnOptions: CONNECTIONS, ttsConnOptions: ONE_ATTEMPT },
        maxUnrecoverableErrors: 1,
      },
    });
    return {
      ...{ session, answersEverySound: false },
      connect: () => Promise.all([stt.connect(), tts.connect()]),
      close: async () => void (await Promise.all([stt.close(), tts.close()])),
    };
  };
}
