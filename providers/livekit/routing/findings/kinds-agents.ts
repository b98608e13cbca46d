import type { FindingKind } from "./kind.ts";

/** Who answers. */
export const AGENT_KINDS = {
  RULE_WITHOUT_AGENT: {
    severity: "warning",
    needs: "objects",
    means:
      "The rule dispatches no agent. livekit-sip sends 180 Ringing and answers only when somebody in the room publishes audio: an agent without a name that joins every room, or nobody.",
    example: "a rule without roomConfig.agents",
    cure: "Put the agent into the rule: roomConfig.agents[].agentName.",
    sources: ["livekit/agents#2209", "livekit/sip#231", "livekit/sip#400"],
  },
  AGENT_WITHOUT_NAME: {
    severity: "warning",
    needs: "objects",
    means:
      "The rule dispatches an agent with an empty name. A worker that has registered with a name never gets that job.",
    example: 'agents: [{ agentName: "" }]',
    cure: "Write the name that the worker registers with into agentName.",
    sources: ["livekit/agents#2470", "livekit/livekit#3690"],
  },
  UNKNOWN_AGENT: {
    severity: "error",
    needs: "objects",
    means:
      "The rule dispatches an agent that is not among those declared here. If no worker registers with that name, the caller only hears ringing. Where no agents were named and no stack has declared the rule, it is a note: which workers there are cannot be seen.",
    example: 'agentName: "inbound-agent" while the worker is my-telephony-agent',
    cure: "Correct the name, or say that this agent exists: --agent NAME.",
    sources: ["livekit/sip#401", "livekit/agents#2470"],
  },
  AGENT_NAME_SPELT_DIFFERENTLY: {
    severity: "error",
    needs: "objects",
    means:
      "Agent names are compared character by character; this one differs from a known agent in case, spaces, hyphens or underscores.",
    example: "My_Telephony_Agent instead of my-telephony-agent",
    cure: "Write the name as the worker registers it.",
    sources: ["livekit/sip#401", "livekit/agents#2470"],
  },
  AGENT_NAME_IS_AN_ID: {
    severity: "error",
    needs: "text",
    means:
      "The agent's name looks like the id of an agent, a worker or a job. Dispatch goes by the name that the worker registers with.",
    example: 'agentName: "CA_zsrrTFvkWBVd"',
    cure: "Write the agent_name of the worker's options.",
    sources: ["livekit/sip#663", "https://docs.livekit.io/agents/build/dispatch"],
  },
  AGENT_TWICE: {
    severity: "warning",
    needs: "objects",
    means:
      "The rule dispatches the same agent twice. LiveKit does not merge dispatches: two agents join and both speak.",
    example: "the same agentName in two entries of roomConfig.agents",
    cure: "Keep one entry.",
    sources: ["livekit/agents#944"],
  },
  AGENT_NOT_REGISTERED: {
    severity: "error",
    needs: "objects",
    means:
      "The project has a dispatch for this agent that no worker took: none is registered with the name, or all are full.",
    example: "an agent's name that is spelt differently in the worker's options",
    cure: "Start the worker, and compare its agent_name with the rule's.",
    sources: ["livekit/agents#2470", "livekit/livekit#4374"],
  },
  AGENTS_OUTSIDE_ROOM_CONFIG: {
    severity: "error",
    needs: "text",
    means: "An agent stands where LiveKit does not read it. The room is made, and no agent is dispatched into it.",
    example: '{ "rule": …, "agents": [{ "agentName": … }] }',
    cure: "Move it to roomConfig.agents.",
    sources: ["livekit/sip#583", "https://docs.churchwiseai.com/runbooks/voice-ops/voice-troubleshooting"],
  },
} as const satisfies Record<string, FindingKind>;
