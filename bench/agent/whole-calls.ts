import { rm } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { heardTonesInTurns } from "../../sandbox/callers/tone.ts";
import { type FlowName, System } from "../../sandbox/calls/system.ts";
import { isSilent, judge, type Verdict } from "../calls/judge.ts";
import { round, type Spread, spreadOf } from "../measure/spread.ts";
import { type MemoryCourse, watched } from "./process-cost.ts";

/** What callers with SIP and RTP lived through, and what that cost the agent's processes. */
export interface WholeCalls {
  flows: Record<FlowName, FlowReport>;
  cpuSecondsPerCall: number;
  memoryMb: MemoryCourse;
}

export interface FlowReport {
  calls: number;
  /** Calls that reached the agent. */
  agent: number;
  /** In silence beyond the limits of bench/calls/judge.ts. */
  silent: number;
  /** From the caller's INVITE, some 10 ms before the webhook, to the agent's greeting at the caller; ±50 ms. */
  audibleMs: Spread;
  /** Callers who did not reach the agent, or waited in silence; at most 10. */
  examples: Verdict[];
}

const FLOWS = ["callback", "dial"] as const satisfies FlowName[];
type HoldMs = Record<FlowName, number>;
/** From the answer on: in `callback` that is when the music begins. Under load callers are more patient. */
const HOLD_ALONE_MS: HoldMs = { callback: 4_500, dial: 2_000 };
const HOLD_LOADED_MS: HoldMs = { callback: 8_000, dial: 4_000 };
/** After its start a process still tidies up: its memory is that of a running one only then. */
const SETTLE_MS = 10_000;
/** So long after the last INVITE all calls are over. */
const LAST_CALL_MS = 15_000;

/** One call at a time, first all of one flow, then all of the other. */
export function inSequence(callsPerFlow: number): Promise<WholeCalls> {
  return measure(2 * callsPerFlow, async (system, onCall) => {
    for (const flow of FLOWS)
      for (let number = 0; number < callsPerFlow; number++) onCall(await place(system, flow, HOLD_ALONE_MS));
  });
}

/** Calls at a steady pace whatever becomes of them, the flows taking turns. */
export function atRate(calls: number, perSecond: number): Promise<WholeCalls> {
  return measure(calls, async (system, onCall) => {
    const placed: Promise<void>[] = [];
    const start = Date.now();
    const quiet = pause((calls / perSecond) * 1_000 + LAST_CALL_MS);
    for (let number = 0; number < calls; number++) {
      await pause(Math.max(0, start + (number * 1_000) / perSecond - Date.now()));
      placed.push(place(system, FLOWS[number % 2] as FlowName, HOLD_LOADED_MS, quiet).then(onCall));
    }
    await Promise.all(placed);
  });
}

async function measure(
  calls: number,
  work: (system: System, onCall: (verdict: Verdict) => void) => Promise<void>,
): Promise<WholeCalls> {
  const system = new System(false);
  const verdicts: Verdict[] = [];
  try {
    await system.startServers();
    await system.startMiddleware();
    await system.startAgent();
    if (!system.agent) throw new Error("The agent was not started");
    await pause(SETTLE_MS);
    const { cost, memoryMb } = await watched(system.agent.pid, () =>
      work(system, (verdict) => tell(verdicts, verdict, calls)),
    );
    return {
      flows: { callback: ofFlow("callback", verdicts), dial: ofFlow("dial", verdicts) },
      cpuSecondsPerCall: round(cost.cpuSeconds / calls, 3),
      memoryMb,
    };
  } finally {
    await system.stop();
  }
}

/** @param quiet what was heard is analysed then, when no call needs the CPU any more. */
async function place(system: System, flow: FlowName, holdMs: HoldMs, quiet?: Promise<void>): Promise<Verdict> {
  const analyse = async (heard: Int16Array) => {
    await quiet;
    return heardTonesInTurns(heard);
  };
  const { caller } = await system.call(flow, { holdMs: holdMs[flow], analyse });
  await rm(dirname(caller.recordings.heard), { recursive: true, force: true });
  return judge(flow, caller);
}

function tell(verdicts: Verdict[], verdict: Verdict, calls: number): void {
  verdicts.push(verdict);
  if (verdict.outcome !== "agent") process.stderr.write(`  ${verdict.flow}: ${verdict.outcome} (${verdict.seen})\n`);
  if (verdicts.length % 20 === 0) process.stderr.write(`  ${verdicts.length} of ${calls} calls\n`);
}

function ofFlow(flow: FlowName, verdicts: readonly Verdict[]): FlowReport {
  const own = verdicts.filter((verdict) => verdict.flow === flow);
  const met = own.filter(({ outcome }) => outcome === "agent");
  const silent = own.filter(isSilent);
  return {
    calls: own.length,
    agent: met.length,
    silent: silent.length,
    audibleMs: spreadOf(met.map(({ waitMs }) => waitMs)),
    examples: own.filter((verdict) => verdict.outcome !== "agent" || isSilent(verdict)).slice(0, 10),
  };
}
