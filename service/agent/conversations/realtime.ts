import { voice } from "@livekit/agents";
import { realtime } from "@livekit/agents-plugin-openai";
import type { TelephonySettings } from "../telephony/settings.ts";
import { awaySeconds, type NewSession } from "./voice.ts";

/** OpenAI's realtime model: speech in, speech out. */
export function realtimeSession(apiKey: string, telephony: TelephonySettings): NewSession {
  return (person) => {
    const llm = new realtime.RealtimeModel({ apiKey, ...(person.voice !== undefined && { voice: person.voice }) });
    return new voice.AgentSession({ llm, userAwayTimeout: awaySeconds(telephony) });
  };
}
