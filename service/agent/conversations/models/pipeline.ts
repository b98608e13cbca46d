import { inference, llm as language, voice } from "@livekit/agents";
import { type NewSession, TELEPHONE } from "./session.ts";
import type { PipelineSettings } from "./settings.ts";
import { CallStt, CallTts } from "./speech-models.ts";
import { loadTurns } from "./turn-detection.ts";

/** A caller waits meanwhile: what does not come at once is tried once more, and then told. */
const CONNECTIONS = { maxRetry: 1, retryIntervalMs: 250, timeoutMs: 8_000 };
/** The framework's second attempt has no text any more, which the first one has taken, and waits for ever: the conversation says it again. */
const ONE_ATTEMPT = { ...CONNECTIONS, maxRetry: 0 };

/** Until a language model's first word; the next one is asked then. */
const ATTEMPT_SECONDS = 4;

/** Speech to text, a language model, text to speech, through LiveKit's inference. The speech model tells where a turn ends. */
export function pipelineSession(settings: PipelineSettings): NewSession {
  const { apiKey, apiSecret, baseUrl, endpointingMs } = settings;
  const access = { apiKey, apiSecret, ...(baseUrl !== undefined && { baseURL: baseUrl }) };
  const newTurns = loadTurns(settings.turnDetection);
  newTurns.catch(() => undefined); // told by the first call
  return async ({ voice: name, language }) => {
    const stt = new CallStt({ ...withFallback(settings.stt), language, ...access });
    const speaker = { language, ...access, ...(name !== undefined && { voice: name }) };
    const tts = new CallTts({ ...withFallback(settings.tts), ...speaker });
    const llm = firstOf(settings.llm.map((model) => new inference.LLM({ model, ...access })));
    const { vad, turnDetection } = (await newTurns)();
    const session = new voice.AgentSession({
      ...{ stt, llm, tts, vad, ...TELEPHONE },
      turnHandling: { turnDetection, endpointing: { minDelay: endpointingMs } },
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

/** LiveKit's gateway goes on with the next model by itself. */
function withFallback([model, ...fallback]: readonly [string, ...string[]]) {
  return fallback.length === 0 ? { model } : { model, fallback };
}

/** The first language model that answers. */
function firstOf(llms: inference.LLM[]): language.LLM {
  const [only] = llms;
  if (only && llms.length === 1) return only;
  return new language.FallbackAdapter({ llms, attemptTimeout: ATTEMPT_SECONDS });
}
