import { AGENT_VARIABLES } from "../../service/agent/config.ts";
import { GREETING } from "../../service/agent/conversations/greeting.ts";
import { markerHz } from "../models/lines.ts";
import { type ModelConversation, Models } from "../models/models.ts";
import type { Progress } from "../progress.ts";
import { requireSpeech } from "../toolchain/debian.ts";
import type { StartOptions } from "./options.ts";

/** What the agent of a run holds its calls with. */
export interface Conversation {
  isModel: boolean;
  /** Beyond what the stack says. */
  environment: Record<string, string>;
  /** The tones by which a caller knows the greeting; none of a real model, which speaks. */
  greetingHz: number[];
}

const ECHO: Conversation = {
  isModel: false,
  environment: {},
  greetingHz: GREETING.map(({ hz }) => hz),
};

/** With these in the environment the models are the real ones. */
const KEYS: Record<ModelConversation, readonly string[]> = {
  realtime: ["OPENAI_API_KEY", "AZURE_OPENAI_API_KEY"],
  pipeline: ["LIVEKIT_INFERENCE_API_KEY"],
};
const OF_MODELS = /^(OPENAI_|AZURE_|LIVEKIT_INFERENCE_|AGENT_)/;

/** Starts stand-ins of the models, where no keys of real ones are set. */
export async function openConversation(
  name: StartOptions["conversation"],
  progress: Progress,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<Conversation> {
  if (name === undefined) return ECHO;
  if (name === "echo") return { ...ECHO, environment: { AGENT_CONVERSATION: "echo" } };
  if (KEYS[name].some((key) => environment[key])) {
    const own = { ...settingsIn(environment), AGENT_CONVERSATION: name };
    return { isModel: true, environment: own, greetingHz: [] };
  }
  await progress.step("speech", requireSpeech);
  const models = await progress.step("model stand-ins", () => Models.start());
  return {
    isModel: true,
    environment: models.environment(name),
    greetingHz: [0, 1].map((second) => markerHz("greeting", second)),
  };
}

function settingsIn(environment: NodeJS.ProcessEnv): Record<string, string> {
  const names = AGENT_VARIABLES.filter((name) => OF_MODELS.test(name));
  return Object.fromEntries(names.flatMap((name) => (environment[name] ? [[name, environment[name]]] : [])));
}
