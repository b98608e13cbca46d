import { voice } from "@livekit/agents";
import type { CallContext } from "@trunkline/shared";
import type { NoiseCancellation } from "../own-agent.ts";
import type { callTools } from "./call-tools.ts";
import type { Person } from "./voice-settings.ts";

/** Who talks in a call. */
export interface Talker {
  agent: voice.Agent;
  /** What the model is told to open the call with; default: the person's. */
  greeting?: string;
  noiseCancellation?: NoiseCancellation;
}

/** Made anew for each call. */
export type NewTalker = (
  person: Person,
  call: CallContext,
  tools: ReturnType<typeof callTools>,
) => Talker | Promise<Talker>;

/** How a model is shown the keys that a caller has pressed. */
export const KEYS = "(keys pressed on the telephone)";

/** The person that the settings describe. */
export const personTalker: NewTalker = ({ instructions: task, language }, _call, tools) => {
  const instructions = `${task}\nThe caller is on the telephone. Speak ${language}. Keys that they press come as "${KEYS} 123".`;
  return { agent: new voice.Agent({ instructions, tools }) };
};
