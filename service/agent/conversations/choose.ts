import type { HostConfig } from "../config.ts";
import type { Conversation } from "./conversation.ts";

/** Loads the packages of the chosen conversation, and of no other. Each call of the result makes one conversation. */
export async function loadConversation({ conversation, persons, telephony }: HostConfig): Promise<() => Conversation> {
  if (conversation.name === "echo") {
    const { Echo } = await import("./echo.ts");
    return () => new Echo(telephony);
  }
  const { Voice } = await import("./voice.ts");
  const newSession =
    conversation.name === "realtime"
      ? (await import("./models/realtime.ts")).realtimeSession(conversation)
      : (await import("./models/pipeline.ts")).pipelineSession(conversation);
  const detectsMachines = conversation.name === "pipeline" && conversation.detectsMachines;
  return () => new Voice(newSession, persons, telephony, detectsMachines);
}
