import type { CallerReport } from "../../sandbox/callers/sipp-caller.ts";
import { firstHeard, heardBy, longestSilence } from "../../sandbox/calls/heard.ts";
import type { FlowName } from "../../sandbox/calls/system.ts";
import { TIMERS } from "../../service/shared/index.ts";

/** What became of one call, as its caller heard it. */
export interface Verdict {
  flow: FlowName;
  /** `agent`: greeted or echoed; `fallback`: the apology or a refusal; `lost`: neither. */
  outcome: "agent" | "fallback" | "lost";
  /** The caller heard its own voice come back from the agent. */
  echoed: boolean;
  /** From the INVITE to the greeting or the fallback, ms. */
  waitMs: number;
  /** The fallback came within its limit. */
  inTime: boolean;
  /** Until the first sound, ms. */
  startMs: number;
  /** The longest silence after that, until somebody speaks; the pauses of the ringing tone are none. */
  gapMs: number;
  /** For whoever looks for the cause: the final status, and what was heard. */
  seen: string;
}

/** Silence that callers are not to be left in, ms. */
export const LIMITS = { startMs: 1_200, gapMs: 900 } as const;
/** One segment of hold music, the silence before a hook, and some for the way. */
const SEGMENT_MS = 3_000 + 500 + 500;
/** From the INVITE to the fallback, at most. */
export const FALLBACK_MS: Record<FlowName, number> = {
  callback: TIMERS.agentLimitMs + SEGMENT_MS,
  dial: TIMERS.dialSeconds * 1_000 + 2_000,
};

export function judge(flow: FlowName, caller: CallerReport): Verdict {
  const greeted = firstHeard(caller, "greeting");
  const apologised = firstHeard(caller, "speech");
  const outcome = outcomeOf(caller, greeted, apologised);
  const met = Number.isNaN(greeted) ? firstHeard(caller, "caller") : greeted;
  const waitMs = outcome === "agent" ? met : outcome === "fallback" ? fallbackAt(caller, apologised) : Number.NaN;
  return {
    flow,
    outcome,
    echoed: heardBy(caller).some(({ what }) => what === "caller"),
    waitMs,
    inTime: outcome === "agent" || (outcome === "fallback" && waitMs <= FALLBACK_MS[flow]),
    startMs: caller.heard[0]?.fromMs ?? Number.NaN,
    gapMs: gapOf(flow, caller, waitMs),
    seen: `${caller.finalStatus} ${heardBy(caller)
      .map(({ what, fromMs, toMs }) => `${what} ${fromMs}-${toMs}`)
      .join(", ")}`,
  };
}

/** Whether the caller was in silence longer than allowed. */
export function isSilent({ startMs, gapMs }: Verdict): boolean {
  return !(startMs <= LIMITS.startMs && gapMs <= LIMITS.gapMs);
}

function outcomeOf(caller: CallerReport, greeted: number, apologised: number): Verdict["outcome"] {
  // A greeting may be too broken to be told, on a machine that is short of time; nobody but the agent echoes.
  if (!Number.isNaN(greeted) || !Number.isNaN(firstHeard(caller, "caller"))) return "agent";
  return !Number.isNaN(apologised) || isRefused(caller) ? "fallback" : "lost";
}

function isRefused({ answered, finalStatus }: CallerReport): boolean {
  return !answered && finalStatus >= 400 && finalStatus !== 408 && finalStatus !== 480;
}

function fallbackAt(caller: CallerReport, apologised: number): number {
  if (!Number.isNaN(apologised)) return apologised;
  return (caller.timeline.at(-1)?.at ?? Number.NaN) - invitedAt(caller);
}

/** dial: a ringing tone pauses for 4 s by nature; silence counts from the answer on, or from the last ring's end. */
function gapOf(flow: FlowName, caller: CallerReport, waitMs: number): number {
  if (Number.isNaN(waitMs)) return Number.NaN;
  const first = caller.heard[0]?.fromMs ?? 0;
  if (flow === "callback") return longestSilence(caller, Math.min(first, waitMs), waitMs);
  const answered = caller.timeline.find(({ event }) => event === "answered");
  return answered ? longestSilence(caller, Math.min(answered.at - invitedAt(caller), waitMs), waitMs) : 0;
}

function invitedAt(caller: CallerReport): number {
  return caller.timeline.find(({ event }) => event === "invite")?.at ?? Number.NaN;
}
