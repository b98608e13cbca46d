import type { Answer } from "../../providers/livekit/routing/index.ts";
import { quoted } from "../../providers/text/foreign.ts";
import type { AgentSeen } from "../livekit/agents-seen.ts";

/** What the caller hears once the call has its room. */
export interface Hears {
  /** Whether somebody answers: livekit-sip sends 200 when someone in the room publishes audio (pkg/sip/inbound.go, waitSubscribe). */
  answered: "yes" | "no" | "unknown";
  text: string;
  agents: readonly AgentSeen[];
}

type RoomAnswer = Extract<Answer, { kind: "room" }>;

/** The room that a call gets, now or after the right credentials. */
export function roomAnswer(answer: Answer): RoomAnswer | undefined {
  if (answer.kind === "challenge") return roomAnswer(answer.then);
  return answer.kind === "room" ? answer : undefined;
}

/**
 * @param agents what is known of the agents that the rule dispatches
 * @param isTalking whether someone publishes audio in the room now; undefined: not looked at, or a new room
 */
export function hears(answer: RoomAnswer, agents: readonly AgentSeen[], isTalking?: boolean): Hears {
  if (isTalking)
    return { answered: "yes", text: "Someone in the room publishes audio: the call is answered at once.", agents };
  if (answer.agents.length > 0) return withAgents(agents);
  if (answer.rule.declared) return { answered: "unknown", text: DECLARED, agents };
  if (answer.rule.roomPreset) return { answered: "unknown", text: presetText(answer.rule.roomPreset), agents };
  return { answered: "no", text: `${RINGS} The rule dispatches no agent; ${waitsFor(answer)}.`, agents };
}

const RINGS = "The caller hears ringing (180) until giving up.";
const DECLARED =
  "A stack has declared this rule: its middleware makes the room and asks for the agent before the call comes.";

function presetText(preset: string): string {
  return `The room is made with the preset ${quoted(preset)}, which may dispatch agents: LiveKit's API does not show it.`;
}

function waitsFor({ room, rule }: RoomAnswer): string {
  if (rule.room.type === "direct" || !room.randomSuffix)
    return "200 OK comes only when someone who is in that room publishes audio";
  return "200 OK comes only when an agent without a name, which joins every new room, is registered";
}

function withAgents(agents: readonly AgentSeen[]): Hears {
  const text = agents.map(agentText).join(" ");
  if (agents.some(({ registered }) => registered === "yes")) return { answered: "yes", text, agents };
  if (agents.length > 0 && agents.every(({ registered }) => registered === "no"))
    return { answered: "no", text: `${RINGS} ${text}`, agents };
  return { answered: "unknown", text, agents };
}

const SAYS = { yes: "is registered", no: "is not registered", unknown: "may or may not be registered" };

function agentText({ name, registered, why }: AgentSeen): string {
  return `Agent ${name === "" ? "without a name" : quoted(name)} ${SAYS[registered]}: ${why}.`;
}

/** Of a file. */
export function notLookedAt(names: readonly string[]): AgentSeen[] {
  return names.map((name) => ({ name, registered: "unknown", why: "a file does not say which workers there are" }));
}
