import { voice } from "@livekit/agents";
import type { AgentReport } from "@trunkline/shared";
import { JitterBuffer } from "../audio/jitter-buffer.ts";
import type { CallerEar } from "./caller-ear.ts";
import type { LiveCall } from "./conversation.ts";
import { TurnClock } from "./turn-clock.ts";

const { AgentStateChanged, ConversationItemAdded, SessionUsageUpdated, UserStateChanged } =
  voice.AgentSessionEventTypes;

/** Tells the call's metrics when the agent is heard, how long each answer took, who was interrupted, and what the models have used. */
export function measure(session: voice.AgentSession, { metrics, room }: LiveCall, ear: CallerEar): void {
  const clock = new TurnClock();
  const buffer = new JitterBuffer(room);
  session.on(UserStateChanged, () => void buffer.look()); // from here on: what they say, or the silence behind it
  session.on(AgentStateChanged, ({ newState, createdAt }) => {
    if (newState !== "speaking") return;
    metrics.firstAudio();
    const waitedMs = clock.agentSpeaks(createdAt, ear.lastSoundAt);
    if (waitedMs !== undefined) void buffer.look().then((bufferedMs) => metrics.turn(waitedMs + bufferedMs));
  });
  session.on(ConversationItemAdded, ({ item }) => {
    if (item.type === "message" && item.role === "assistant" && item.interrupted) metrics.interrupted();
  });
  session.on(SessionUsageUpdated, ({ usage }) => metrics.used(usedBy(usage)));
}

/** Tokens of language models; of speech models what they are paid by, seconds and characters. */
function usedBy({ modelUsage }: voice.AgentSessionUsage): Pick<AgentReport, "tokens" | "speech"> {
  const tokens = { input: 0, output: 0 };
  const speech = { heardSeconds: 0, spokenSeconds: 0, spokenCharacters: 0 };
  for (const usage of modelUsage) {
    if (usage.type === "llm_usage") {
      tokens.input += usage.inputTokens ?? 0;
      tokens.output += usage.outputTokens ?? 0;
    } else if (usage.type === "stt_usage") speech.heardSeconds += seconds(usage.audioDurationMs);
    else if (usage.type === "tts_usage") {
      speech.spokenSeconds += seconds(usage.audioDurationMs);
      speech.spokenCharacters += usage.charactersCount ?? 0;
    }
  }
  const hasSpeech = modelUsage.some(({ type }) => type === "stt_usage" || type === "tts_usage");
  return { tokens, ...(hasSpeech && { speech }) };
}

function seconds(ms = 0): number {
  return Math.round(ms / 100) / 10;
}
