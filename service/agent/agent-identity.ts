import { AGENT_NAME, BUILD_ATTRIBUTE } from "@trunkline/shared";

/** By this attribute every agent of this name is known in a room; the framework's own workers set it too. */
const NAME_ATTRIBUTE = "lk.agent.name";

export const AGENT_ATTRIBUTES: Readonly<Record<string, string>> = {
  [NAME_ATTRIBUTE]: AGENT_NAME,
  [BUILD_ATTRIBUTE]: process.env.BUILD_HASH || "unknown",
};

export function hasAgentName(attributes: Readonly<Record<string, string>>): boolean {
  return attributes[NAME_ATTRIBUTE] === AGENT_NAME;
}

/** `agent-<job>`, as the framework names agents. */
export function agentIdentity(jobId: string): string {
  return `agent-${jobId}`;
}
