import { relative } from "node:path";
import { own } from "@trunkline/contract";
import { checkout } from "../root.ts";
import { type CallReport, isGood } from "./call-report.ts";
import type { StackOutputs } from "./declare.ts";
import { readState } from "./state.ts";

type Write = (line: string) => void;

const MEANING: Record<string, string> = {
  caller_invite: "the carrier's INVITE reaches Jambonz",
  webhook: "Jambonz asks the middleware: POST /livekit-api",
  room: "LiveKit room created, agent dispatched",
  caller_answered: "200 to the caller: hold music",
  agent_joined: "the agent is in the room",
  agent_ready: "the agent's audio track is published",
  invite: "LiveKit's INVITE reaches Jambonz",
  ok_200: "200 to LiveKit",
  legs_joined: "Jambonz joins caller and agent",
  agent_audio_heard_by_caller: "first agent audio heard by the caller",
  caller_audio_heard_by_agent: "the caller's audio heard by the agent",
  fallback: "the declared fallback",
  bye: "BYE",
};

/** In the flow `dial` the leg between the two goes the other way. */
const MEANING_IN_DIAL: Record<string, string> = {
  caller_answered: "200 to the caller, as soon as LiveKit has answered",
  invite: "Jambonz dials LiveKit; the caller hears ringing",
  ok_200: "200 from LiveKit",
};

/** The stack's outputs without the secret ones. */
export function publicOutputs(outputs: StackOutputs): Record<string, unknown> {
  const { services: _services, callsToken: _token, ...shown } = outputs;
  return shown;
}

export function printOutputs(outputs: StackOutputs, write: Write): void {
  write("\nOutputs of the stack `local`:");
  for (const [name, value] of Object.entries(publicOutputs(outputs)))
    write(`  ${name.padEnd(16)} ${JSON.stringify(value)}`);
  write(`  ${"services".padEnd(16)} [secret]`);
}

export function printCall(call: CallReport, write: Write): void {
  write(
    `\nCall ${call.id} (${call.flow}): ${isGood(call) ? "answered, audio both ways" : `NOT as it should be: ${call.reason}`}`,
  );
  const meanings = call.flow === "dial" ? { ...MEANING, ...MEANING_IN_DIAL } : MEANING;
  for (const { event, ms } of call.timeline) write(`  ${String(ms).padStart(6)} ms  ${own(meanings, event) ?? event}`);
  const { sentHz, heardByAgentHz, echoedToCallerHz, greetingHz } = call.tone;
  const back = echoedToCallerHz === null ? "" : `, then ${hz(echoedToCallerHz)} back`;
  write(
    `  tones: caller sent ${hz(sentHz)}, agent heard ${hz(heardByAgentHz)}, caller heard ${greetingHz.map(hz).join(" and ") || "no tone of a greeting"}${back}`,
  );
  write(`  recordings: ${relative(checkout(), call.recordings.sent)}, ${relative(checkout(), call.recordings.heard)}`);
}

/** @param isUp the servers go on running: what they show can be looked at. */
export function printWhereToLook(folder: string, isUp: boolean, write: Write): void {
  const { ports } = readState();
  write("\nWhere to look:");
  write(`  logs            ${relative(checkout(), folder)}/logs/`);
  if (!isUp) return;
  write(`  active calls    http://127.0.0.1:${ports.middleware}/livekit-api/calls`);
  write('  pulumi by hand  eval "$(npx --no-install trunkline env)" && pulumi preview');
}

function hz(frequency: number | null): string {
  return frequency === null ? "nothing" : `${Math.round(frequency)} Hz`;
}
