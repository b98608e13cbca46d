import type { CallView } from "../ticket/call.ts";
import type { Question, Seen } from "./seen.ts";

/** `unknown`: neither an API nor the ear could tell. `skipped`: was not tried. */
export type Verdict = "ok" | "failed" | "unknown" | "skipped";

interface Judgement {
  verdict: Verdict;
  /** What was seen, in one line. */
  saw: string;
}

/** One promise about calls, and how what was seen is judged. Pure. */
export interface Check {
  id: string;
  title: string;
  judge(seen: Seen): Judgement;
}

const NO_CALL: Judgement = { verdict: "failed", saw: "no call reached the middleware" };

export const answered: Check = {
  id: "answered",
  title: "answered by the agent",
  judge: ofCall((call, { room, states }) => {
    if (call.outcome !== "agent") return failed(`the call ended as "${call.outcome ?? "?"}"${because(call)}`);
    if (!states.includes("talking")) return failed(`they were never seen talking: ${states.join(" → ")}`);
    if (room && !(room.callerActive && room.agentAudible))
      return failed("LiveKit's room had no caller and agent in it");
    const inRoom = room ? `; LiveKit: caller active${room.sipCallId && ` (${room.sipCallId})`}, agent audible` : "";
    return ok(`agent ready ${sinceStart(call, "agent.ready")}${inRoom}`);
  }),
};

export const greeting = byEar("greeting", "the greeting is heard whole", "greetingWhole");

/** `0`, `*` and `#`: an agent that echoes goes on hold with *8 and comes back with #. */
export const keys: Check = {
  id: "keys",
  title: "keys 0 * # reach the agent, and # ends nothing",
  judge: ofCall((call, { ear }) => {
    if (call.outcome !== "agent") return failed(`the call ended as "${call.outcome ?? "?"}"${because(call)}`);
    return heard(ear.keysAnswered, "the agent answered the keys, and the call went on");
  }),
};

/** Where one codec is listed, no other can have been used. */
export const codec: Check = {
  id: "codec",
  title: "codec",
  judge: ofCall((_call, { codec: negotiated, listedCodecs }) => {
    const listed = listedCodecs.length === 0 ? "LiveKit's trunk lists none: all are offered" : listedCodecs.join(", ");
    if (negotiated !== undefined) return ok(`${negotiated} (the caller's leg; ${listed})`);
    if (listedCodecs.length === 1) return ok(`${listed}: LiveKit offers nothing else`);
    return { verdict: "unknown", saw: `no API shows it (${listed}); take a trace at the SBC` };
  }),
};

export const callerHangsUp: Check = {
  id: "caller-hangs-up",
  title: "the caller hangs up: nothing is left",
  judge: ofCall((call, { isCleared }) => ended(call, isCleared)),
};

export const agentHangsUp: Check = {
  id: "agent-hangs-up",
  title: "the agent hangs up: the caller's line ends, nothing is left",
  judge: ofCall((call, { ear, isCleared }) => {
    const end = ended(call, isCleared);
    return end.verdict === "ok" ? heard(ear.lineEnded, "the line ended by itself") : end;
  }),
};

export const transferred = byEar("transfer", "the agent transfers the caller to a declared number", "transferHeard");

export const fallback: Check = {
  id: "fallback",
  title: "without an agent the caller gets the declared fallback",
  judge: ofCall((call, { ear }) => {
    if (call.outcome !== "fallback") return failed(`the call ended as "${call.outcome ?? "?"}"${because(call)}`);
    return heard(ear.fallbackHeard, `the fallback ${sinceStart(call, "call.fallback")}${because(call)}`);
  }),
};

function byEar(id: string, title: string, question: Question): Check {
  return { id, title, judge: ofCall((_call, { ear }) => heard(ear[question], "heard so")) };
}

function ofCall(judge: (call: CallView, seen: Seen) => Judgement): Check["judge"] {
  return (seen) => (seen.call === undefined ? NO_CALL : judge(seen.call, seen));
}

function ended(call: CallView, isCleared: boolean): Judgement {
  if (call.endedAt === undefined) return failed(`the call is still "${call.state}"`);
  if (!isCleared) return failed("its room or its entry among the active calls was still there seconds after the end");
  return ok(`ended after ${seconds(call.endedAt - call.startedAt)}, room and active call are gone`);
}

function heard(answer: boolean | undefined, what: string): Judgement {
  if (answer === undefined) return { verdict: "unknown", saw: "nobody could tell" };
  return answer ? ok(what) : failed("whoever was at the telephone says no");
}

function sinceStart({ startedAt, timeline }: CallView, event: string): string {
  const at = timeline.find((entry) => entry.event === event)?.at;
  return at === undefined ? "at a time that was not noted" : `after ${seconds(at - startedAt)}`;
}

function because({ reason }: CallView): string {
  return reason === undefined ? "" : ` (${reason})`;
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}

function ok(saw: string): Judgement {
  return { verdict: "ok", saw };
}

function failed(saw: string): Judgement {
  return { verdict: "failed", saw };
}
