import { voice } from "@livekit/agents";
import { realtime } from "@livekit/agents-plugin-openai";
import type { Person } from "../voice-settings.ts";
import { preconnect } from "./realtime-model.ts";
import { type NewSession, TELEPHONE } from "./session.ts";
import type { RealtimeSettings } from "./settings.ts";

const TRANSCRIPTION = "gpt-4o-mini-transcribe";

/** OpenAI's realtime model: speech in, speech out; it decides itself when the caller has finished. */
export function realtimeSession(settings: RealtimeSettings): NewSession {
  return (person) => {
    const llm = new realtime.RealtimeModel({ ...access(settings), ...manner(settings, person) });
    const { connect, close } = preconnect(llm);
    const session = new voice.AgentSession({
      llm,
      vad: null,
      turnHandling: { turnDetection: "realtime_llm" },
      ...TELEPHONE,
    });
    return { session, connect, close, answersEverySound: true };
  };
}

function access({ model, apiKey, baseUrl, azure }: RealtimeSettings) {
  if (azure)
    return { apiKey, azureDeployment: azure.deployment, baseURL: `${azure.endpoint.replace(/\/$/, "")}/openai` };
  return { apiKey, model, ...(baseUrl !== undefined && { baseURL: baseUrl }) };
}

function manner({ endpointingMs }: RealtimeSettings, { voice: name, language }: Person) {
  return {
    inputAudioTranscription: { model: TRANSCRIPTION, language: language.split("-")[0] ?? language } as const,
    ...(endpointingMs !== undefined && { turnDetection: serverVad(endpointingMs) }),
    ...(name !== undefined && { voice: name }),
  };
}

function serverVad(silence_duration_ms: number) {
  const hearing = { type: "server_vad", threshold: 0.5, prefix_padding_ms: 300 } as const;
  return { ...hearing, silence_duration_ms, create_response: true, interrupt_response: true };
}
