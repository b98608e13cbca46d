export type AgentErrorCode =
  | "AGENT_CONFIG_INVALID"
  | "AGENT_MODULE_INVALID"
  | "AGENT_LIVEKIT_KEY_REFUSED"
  | "EVALUATION_NEEDS_TEXT_MODEL";

/** The agent cannot work until somebody changes something: a stable code, what happened, what to do. Shown without a stack trace. */
export class AgentError extends Error {
  readonly code: AgentErrorCode;

  constructor(code: AgentErrorCode, message: string) {
    super(message);
    this.name = "AgentError";
    this.code = code;
  }
}
