import { type CallRecord, newRecord } from "../../service/middleware/calls/call-record.ts";
import type { CallState, Phase } from "../../service/middleware/calls/call-state.ts";

const CARRIERS = ["schmidtkom", "schmidtkom-berlin"];
const PATH = ["room.created", "agent.ready", "participant.created", "agent_leg.webhook"] as const;
const REACHED: Partial<Record<Phase, number>> = { waiting: 1, dialling: 3, joining: 4, talking: 4, ended: 4 };

/** A call as the store would hold it, `secondsAgo` after its webhook. */
export function sampleCall(
  index: number,
  phase: Phase,
  secondsAgo: number,
  state: Partial<CallState> = {},
): CallRecord {
  const startedAt = Date.now() - secondsAgo * 1_000;
  const flow = index % 3 === 0 ? "dial" : "callback";
  const record = newRecord({
    callSid: `sid-${index}`,
    at: startedAt,
    context: {
      callId: `Wq3${String(index).padStart(5, "0")}-sample-call`,
      flow,
      caller: `+49301${String(2_345_678 + index * 7_919).slice(-7)}`,
      called: "+4989654321",
      carrier: CARRIERS[index % CARRIERS.length] ?? "",
      headers: {},
    },
  });
  const points = PATH.slice(0, REACHED[phase] ?? 1).map((event, step) => ({ event, at: startedAt + 20 + step * 420 }));
  const agentReady = points.length > 1;
  const legSid = points.length > 3 ? { legSid: `leg-${index}` } : {};
  return {
    ...record,
    state: { ...record.state, ...legSid, phase, phaseSince: Date.now(), agentReady, ...state },
    timeline: [...record.timeline, ...points],
  };
}

/** A call that got the fallback, and has ended since when it says so. */
export function failedCall(index: number, secondsAgo: number, phase: "fallback" | "ended", reason: string): CallRecord {
  const call = sampleCall(index, "waiting", secondsAgo);
  const at = call.state.startedAt + 15_000;
  const end = phase === "ended" ? [{ event: "call.ended" as const, at: at + 6_000 }] : [];
  return {
    ...call,
    state: { ...call.state, phase, reason, phaseSince: phase === "ended" ? at + 6_000 : at, agentReady: false },
    timeline: [...call.timeline, { event: "call.fallback" as const, at }, ...end],
  };
}

/** A call that went well, `minutesAgo`. */
export function endedCall(index: number, minutesAgo: number, seconds: number): CallRecord {
  const call = sampleCall(index, "ended", minutesAgo * 60 + seconds);
  const at = call.state.startedAt + seconds * 1_000;
  const end = { event: "call.ended" as const, at };
  return { ...call, state: { ...call.state, phaseSince: at, reason: "completed" }, timeline: [...call.timeline, end] };
}
