import { inference, voice } from "@livekit/agents";
import type { TelephonySettings } from "../telephony/settings.ts";
import { awaySeconds, type NewSession } from "./voice.ts";

/** Names of LiveKit's inference models, `provider/model`. */
export interface PipelineModels {
  stt: string;
  llm: string;
  tts: string;
}

export interface InferenceKeys {
  apiKey: string;
  apiSecret: string;
}

/** Speech to text, a language model, text to speech, through LiveKit's inference. The speech model tells where a turn ends. */
export function pipelineSession(models: PipelineModels, keys: InferenceKeys, telephony: TelephonySettings): NewSession {
  return ({ voice: name, language }) =>
    new voice.AgentSession({
      stt: new inference.STT({ model: models.stt as never, language: language as never, ...keys }),
      llm: new inference.LLM({ model: models.llm as never, ...keys }),
      tts: new inference.TTS({ model: models.tts as never, ...keys, ...(name !== undefined && { voice: name }) }),
      vad: null,
      turnDetection: "stt",
      userAwayTimeout: awaySeconds(telephony),
    });
}
