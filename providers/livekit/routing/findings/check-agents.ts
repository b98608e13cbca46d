import type { Finding, Rule } from "../types.ts";
import { finding, inQuotes, type Prepared } from "./survey.ts";

/** Who answers the calls of a rule. */
export function checkAgents({ rules, agentNames, unanswered }: Prepared): Finding[] {
  return rules
    .filter(({ room }) => room.type !== "newer")
    .flatMap((rule) => [
      ...withoutAgent(rule),
      ...names(rule, agentNames),
      ...twice(rule),
      ...notRegistered(rule, unanswered),
    ]);
}

function withoutAgent({ id, agents = [], declared, room, roomPreset }: Rule): Finding[] {
  if (agents.length > 0)
    return agents.some(({ name }) => name === "")
      ? [
          finding(
            "AGENT_WITHOUT_NAME",
            [id],
            "The rule dispatches an agent without a name: no worker that has one gets the job.",
          ),
        ]
      : [];
  if (declared || roomPreset) return [];
  const until =
    room.type === "direct"
      ? `somebody in the room ${inQuotes(room.roomName)} publishes audio`
      : "an agent without a name joins by itself";
  return [
    finding("RULE_WITHOUT_AGENT", [id], `The rule dispatches no agent: the caller hears ringing until ${until}.`),
  ];
}

const AN_ID = /^(CA|AW|AJ|AD|SDR|ST|RM)_[A-Za-z0-9]{6,}$/;

function names({ id, agents = [] }: Rule, known: readonly string[]): Finding[] {
  return [...new Set(agents.map(({ name }) => name))].flatMap((name) => {
    if (AN_ID.test(name))
      return [
        finding("AGENT_NAME_IS_AN_ID", [id], `${inQuotes(name)} is an id, not the name that a worker registers with.`),
      ];
    const near = known.includes(name) ? undefined : known.find((one) => plain(one) === plain(name));
    return near === undefined
      ? []
      : [
          finding(
            "AGENT_NAME_SPELT_DIFFERENTLY",
            [id],
            `The rule dispatches ${inQuotes(name)}, the agent's name is ${inQuotes(near)}.`,
          ),
        ];
  });
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[\s_-]/g, "");
}

function twice({ id, agents = [] }: Rule): Finding[] {
  const seen = new Set<string>();
  const name = agents.map((agent) => agent.name).find((one) => seen.size === seen.add(one).size);
  return name === undefined
    ? []
    : [finding("AGENT_TWICE", [id], `The rule dispatches ${inQuotes(name)} twice: two of them join and both speak.`)];
}

function notRegistered({ id, agents = [] }: Rule, unanswered: ReadonlyMap<string, string>): Finding[] {
  return agents.flatMap(({ name }) => {
    const why = unanswered.get(name);
    return why === undefined
      ? []
      : [finding("AGENT_NOT_REGISTERED", [id], `No worker took the dispatch of ${inQuotes(name)}: ${why}.`)];
  });
}
