import type { HostConfig } from "../config.ts";
import type { Conversation } from "./conversation.ts";
import type { NewSession } from "./models/session.ts";
import type { NewTalker } from "./talker.ts";

/** Loads the packages of the chosen conversation, and of no other. Each call of the result makes one conversation. */
export async function loadConversation(config: HostConfig): Promise<() => Conversation> {
  const { conversation, persons, telephony, transcripts } = config;
  if (conversation.name === "echo") {
    const { Echo } = await import("./echo.ts");
    return () => new Echo(telephony);
  }
  const { Voice } = await import("./voice.ts");
  if (conversation.name === "own") {
    const { loadOwnAgent, ownSession, ownTalker } = await import("./own.ts");
    const own = await loadOwnAgent(conversation.module);
    const newSession: NewSession = (_person, call) => ownSession(own, call);
    const newTalker: NewTalker = (_person, call, tools) => ownTalker(own, call, tools);
    return () => new Voice(newSession, persons, telephony, { transcripts, newTalker });
  }
  const newSession =
    conversation.name === "realtime"
      ? (await import("./models/realtime.ts")).realtimeSession(conversation)
      : (await import("./models/pipeline.ts")).pipelineSession(conversation);
  const detectsMachines = conversation.name === "pipeline" && conversation.detectsMachines;
  return () => new Voice(newSession, persons, telephony, { transcripts, detectsMachines });
}
