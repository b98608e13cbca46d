import { voice } from "@livekit/agents";
import type { CallerEar } from "./caller-ear.ts";
import type { LiveCall } from "./conversation.ts";
import { TurnClock } from "./turn-clock.ts";

const { AgentStateChanged, ConversationItemAdded, SessionUsageUpdated } = voice.AgentSessionEventTypes;

/** Tells the call's metrics when the agent is heard, how long each answer took, who was interrupted, and what the models have used. */
export function measure(session: voice.AgentSession, { metrics }: LiveCall, ear: CallerEar): void {
  const clock = new TurnClock();
  session.on(AgentStateChanged, ({ newState, createdAt }) => {
    if (newState !== "speaking") return;
    metrics.firstAudio();
    const waitedMs = clock.agentSpeaks(createdAt, ear.lastSoundAt);
    if (waitedMs !== undefined) metrics.turn(waitedMs);
  });
  session.on(ConversationItemAdded, ({ item }) => {
    if (item.type === "message" && item.role === "assistant" && item.interrupted) metrics.interrupted();
  });
  session.on(SessionUsageUpdated, ({ usage }) => metrics.used(tokensOf(usage)));
}

/** Of the language model alone: what speech models count is in seconds and characters. */
function tokensOf({ modelUsage }: voice.AgentSessionUsage) {
  const tokens = { input: 0, output: 0 };
  for (const usage of modelUsage) {
    if (usage.type !== "llm_usage") continue;
    tokens.input += usage.inputTokens ?? 0;
    tokens.output += usage.outputTokens ?? 0;
  }
  return tokens;
}
