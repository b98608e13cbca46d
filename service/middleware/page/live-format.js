/** What calls are called on the page: pure functions of a call, without the document. */

const STATES = {
  preparing: { text: "Preparing", tone: "waiting" },
  waiting: { text: "Waiting for the agent", tone: "waiting" },
  dialling: { text: "Calling", tone: "waiting" },
  joining: { text: "Joining", tone: "waiting" },
  talking: { text: "With the agent", tone: "talking" },
  leaving: { text: "Giving up", tone: "failed" },
  fallback: { text: "Fallback", tone: "failed" },
};
const OUTCOMES = {
  agent: { text: "Completed", tone: "done" },
  fallback: { text: "Fallback", tone: "failed" },
  abandoned: { text: "Caller left", tone: "quiet" },
  again: { text: "Put to the agent again", tone: "quiet" },
};
const EVENTS = {
  "webhook.received": "Call received",
  "room.created": "Room made, agent asked for",
  "agent.ready": "Agent ready",
  "participant.created": "LiveKit calls back",
  "agent_leg.webhook": "Agent’s leg arrived",
  "agent.lost": "Agent lost, another asked for",
  "call.fallback": "Fallback",
  "call.again": "Put to the agent again, in another room",
  "call.ended": "Ended",
};
const BAD_EVENTS = new Set(["agent.lost", "call.fallback"]);
/** The way to the agent, in the order that both flows share. */
const MILESTONES = ["webhook.received", "room.created", "agent.ready"];

/** Control, format and line characters, blanks but the plain one, fillers: as contract/invisible.ts has them. */
const INVISIBLE = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]|(?! )\p{Zs}/gu;

/** For `JSON.parse`: callers choose their names; what would hide or turn a line around is shown as `\u{202e}`. */
export function visible(_key, value) {
  if (typeof value !== "string") return value;
  return value.replaceAll(INVISIBLE, (found) => `\\u{${found.codePointAt(0).toString(16)}}`);
}

/** `{text, tone}`; the tone is one of waiting, talking, failed, done, quiet. */
export function stateOf(call) {
  const known = call.state === "ended" ? OUTCOMES[call.outcome] : STATES[call.state];
  return known ?? { text: call.state, tone: "quiet" };
}

/** `0:07`, `12:03`, `1:02:33`. */
export function duration(milliseconds) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1_000));
  const parts = [Math.floor(seconds / 60) % 60, seconds % 60];
  if (seconds >= 3_600) parts.unshift(Math.floor(seconds / 3_600));
  return parts.map((part, index) => (index === 0 ? String(part) : String(part).padStart(2, "0"))).join(":");
}

/** `+0.12 s`, `+3 min 05 s`. */
export function offset(milliseconds) {
  if (milliseconds < 10_000) return `+${(milliseconds / 1_000).toFixed(2)} s`;
  const seconds = Math.round(milliseconds / 1_000);
  if (seconds < 120) return `+${seconds} s`;
  return `+${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, "0")} s`;
}

/** The points of the time line: `{text, offset, bad}`, in order. */
export function pointsOf(call) {
  return call.timeline.map(({ event, at }) => ({
    text: EVENTS[event] ?? event,
    offset: offset(at - call.startedAt),
    bad: BAD_EVENTS.has(event),
  }));
}

/** The dots of the track: `reached`, `open` or `failed`, one a milestone, and the last for the conversation itself. */
export function trackOf(call) {
  const seen = new Set(call.timeline.map(({ event }) => event));
  const { tone } = stateOf(call);
  const talked = tone === "talking" || tone === "done";
  const dots = MILESTONES.map((event) => (seen.has(event) || talked ? "reached" : "open"));
  return [...dots, talked ? "reached" : tone === "failed" ? "failed" : "open"];
}

/** Why a call did not go well; the normal ends of a conversation are no news. */
export function reasonOf(call) {
  const isNews = stateOf(call).tone === "failed" || call.outcome === "abandoned" || isMediaTimeout(call);
  return isNews ? (call.reason ?? "") : "";
}

/** LiveKit has ended a call from which no packets came any more. */
function isMediaTimeout(call) {
  return call.state === "ended" && /: media timeout$/.test(call.reason ?? "");
}

/** How long the call lasts, or has lasted, in words for those who hear the page. */
export function spoken(milliseconds) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1_000));
  const minutes = Math.floor(seconds / 60);
  return minutes === 0 ? `${seconds} seconds` : `${minutes} minutes ${seconds % 60} seconds`;
}

export function factsOf(call) {
  const facts = [
    ["Agent", `${call.agent.name}${call.agent.ready ? "" : " (not there yet)"}`],
    ["Flow", call.flow],
    ["Carrier", call.carrier],
    ...measuresOf(call.agent.report ?? {}),
    ["Began", new Date(call.startedAt).toLocaleString()],
    ["Reason", call.reason],
    ["What to do", call.cure],
    ["Call id", call.id],
  ];
  return facts.filter(([, value]) => value);
}

/** What the agent has measured. */
function measuresOf({ connectMs, firstAudioMs, turns, turnLatencyMs: latency, tokens, speech }) {
  const answers =
    latency && `${turns}, after ${inSeconds(latency.mean)} on average, ${inSeconds(latency.longest)} at most`;
  return [
    ["Model connected", connectMs === undefined ? "" : `after ${inSeconds(connectMs)}`],
    ["First sound", firstAudioMs === undefined ? "" : `after ${inSeconds(firstAudioMs)}`],
    ["Answers", answers],
    ["Speech", speech && `${speech.heardSeconds} s heard, ${speech.spokenSeconds} s spoken`],
    ["Tokens", tokens && `${tokens.input} read, ${tokens.output} written`],
  ];
}

function inSeconds(milliseconds) {
  return `${(milliseconds / 1_000).toFixed(1)} s`;
}

/** What the filter looks in. */
export function wordsOf(call) {
  const words = [call.id, call.caller, call.called, call.carrier, call.flow, stateOf(call).text, call.reason];
  return words.filter(Boolean).join(" ").toLowerCase();
}
