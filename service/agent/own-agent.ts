import type { voice } from "@livekit/agents";
import type { CallContext } from "@trunkline/shared";
import type { callTools } from "./conversations/call-tools.ts";

export type { CallContext } from "@trunkline/shared";

/** What a model may do with a telephone call: `hangUp`, `pressKeys`, `hold`, and `transferCall` where there are targets. */
export type CallTools = ReturnType<typeof callTools>;

/**
 * An agent of yours, as `AGENT_MODULE` exports it by default: made of what `@livekit/agents` offers, held by our handling of calls. It says
 * what the agent is; when it is ready, when it greets, silence, keys, transfers, failures and the good-bye are taken care of.
 */
export interface OwnAgent {
  /** The models of one call: the framework's options for a session, or a session. What has to be connected first may be waited for. */
  session(call: CallContext): Session | Promise<Session>;
  /** Who talks: instructions, tools. @param tools to be given to it, beside its own. */
  agent(call: CallContext, tools: CallTools): voice.Agent | Promise<voice.Agent>;
  /** What the model is told to open the call with; default: AGENT_PERSON's `greeting`. */
  greeting?(call: CallContext): string;
  /**
   * Cleans what the caller says before a model hears it. Made anew for each call.
   * @example () => TelephonyBackgroundVoiceCancellation() // @livekit/noise-cancellation-node; works with LiveKit Cloud only
   */
  noiseCancellation?(call: CallContext): NoiseCancellation;
}

/** LiveKit's filters, or a processor of audio frames. */
export type NoiseCancellation = NonNullable<voice.RoomInputOptions["noiseCancellation"]>;

type Session = voice.AgentSessionOptions | voice.AgentSession;

/** Only for its types. */
export function defineAgent(agent: OwnAgent): OwnAgent {
  return agent;
}
