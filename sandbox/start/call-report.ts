import type { CallerReport } from "../callers/sipp-caller.ts";
import type { SeenEvent } from "./event-log.ts";

interface TimelineEntry {
  event: string;
  /** Since the caller's INVITE. */
  ms: number;
}

/** What became of one call, as `--json` shows it. */
export interface CallReport {
  id: string;
  flow: string;
  /** The caller and the agent were joined. */
  answered: boolean;
  /** The agent heard the caller's tone. */
  audioToAgent: boolean;
  /** The caller heard the agent's greeting. */
  audioToCaller: boolean;
  tone: { sentHz: number; heardByAgentHz: number | null; echoedToCallerHz: number | null; greetingHz: number[] };
  timeline: TimelineEntry[];
  recordings: CallerReport["recordings"];
  /** Why the call is not as it should be. */
  reason?: string;
}

const TOLERANCE_HZ = 15;

/** Which event of which part is which line of the time line, in the order in which a good call has them. */
const LINES: readonly [source: SeenEvent["source"], event: string, line: string][] = [
  ["middleware", "webhook.received", "webhook"],
  ["middleware", "room.created", "room"],
  ["agent", "agent.joined", "agent_joined"],
  ["middleware", "agent.ready", "agent_ready"],
  ["jambonz", "leg.invite", "invite"],
  ["jambonz", "leg.answered", "ok_200"],
  ["jambonz", "legs.joined", "legs_joined"],
  ["agent", "caller.audio", "caller_audio_heard_by_agent"],
  ["middleware", "call.fallback", "fallback"],
];

/**
 * Pure: the report of a call from what the caller measured and what the parts of the system saw.
 * @param greetingHz tones of the greeting; none when it is speech
 * @param isSpokenTo whether the caller heard anything from the greeting on
 */
export function reportCall(
  caller: CallerReport,
  events: SeenEvent[],
  flow: string,
  greetingHz: number[],
  isSpokenTo = true,
): CallReport {
  const answered = events.some((event) => event.event === "legs.joined");
  const heardByAgentHz = frequencyHeardByAgent(events, caller.sentHz);
  const greetings = greetingHz.filter((hz) => hears(caller, hz) !== undefined);
  const audioToAgent = heardByAgentHz !== null && isNear(heardByAgentHz, caller.sentHz);
  const audioToCaller = isSpokenTo && greetings.length === greetingHz.length;
  const legStatus = events.find(({ event }) => event === "leg.failed")?.fields.status;
  const reason = whatFailed(caller, { answered, audioToAgent, audioToCaller }, legStatus);
  return {
    id: events.find((event) => event.callId)?.callId ?? caller.sipCallId,
    flow,
    answered,
    audioToAgent,
    audioToCaller,
    tone: {
      sentHz: caller.sentHz,
      heardByAgentHz,
      echoedToCallerHz: hears(caller, caller.sentHz)?.hz ?? null,
      greetingHz: greetings,
    },
    timeline: timelineOf(caller, events, greetingHz),
    recordings: caller.recordings,
    ...(reason && { reason }),
  };
}

export function isGood(call: CallReport): boolean {
  return call.answered && call.audioToAgent && call.audioToCaller;
}

function timelineOf(caller: CallerReport, events: SeenEvent[], greetingHz: number[]): TimelineEntry[] {
  const invite = caller.timeline.find((entry) => entry.event === "invite")?.at ?? events[0]?.at ?? 0;
  const own = caller.timeline
    .filter(({ event }) => event === "answered" || event === "bye")
    .map(({ event, at }) => [event === "bye" ? "bye" : "caller_answered", at] as const);
  const others = LINES.flatMap(([source, name, line]) => {
    const event = events.find((seen) => seen.source === source && seen.event === name);
    return event ? [[line, event.at] as const] : [];
  });
  // Before, a voice's vowel may be as high as a greeting's tone.
  const joinedAt = others.find(([line]) => line === "legs_joined")?.[1] ?? invite;
  const greeting = caller.heard.find(
    ({ hz, toMs }) => invite + toMs >= joinedAt && greetingHz.some((wanted) => isNear(hz, wanted)),
  );
  const heard = greeting ? [["agent_audio_heard_by_caller", invite + greeting.fromMs] as const] : [];
  return [["caller_invite", invite] as const, ...own, ...others, ...heard]
    .map(([event, at]) => ({ event, ms: Math.round(at - invite) }))
    .sort((a, b) => a.ms - b.ms);
}

/** The agent reports each new sound it hears; the caller's tone is the one nearest to what was sent. */
function frequencyHeardByAgent(events: SeenEvent[], sentHz: number): number | null {
  const heard = events
    .filter((event) => event.source === "agent" && event.event === "caller.audio")
    .map((event) => Number(event.fields.hz));
  const [nearest] = heard.sort((a, b) => Math.abs(a - sentHz) - Math.abs(b - sentHz));
  return nearest ?? null;
}

function hears(caller: CallerReport, hz: number) {
  return caller.heard.find((sound) => isNear(sound.hz, hz));
}

function isNear(a: number, b: number): boolean {
  return Math.abs(a - b) <= TOLERANCE_HZ;
}

function whatFailed(
  caller: CallerReport,
  { answered, audioToAgent, audioToCaller }: Pick<CallReport, "answered" | "audioToAgent" | "audioToCaller">,
  legStatus: unknown,
): string | undefined {
  if (!caller.answered)
    return `the caller was not answered: ${caller.finalStatus ?? "no final answer"}${caller.reason ? ` ${caller.reason}` : ""}`;
  if (!answered)
    return `the caller was answered, but no agent leg was joined to it${legStatus ? `: LiveKit answered ${legStatus}` : ""}`;
  if (!audioToCaller) return "the caller did not hear the agent's greeting";
  return audioToAgent ? undefined : "the agent did not hear the caller's tone";
}
