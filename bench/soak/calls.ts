import { rm } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { FlowName, System } from "../../sandbox/calls/system.ts";
import { judge, type Verdict } from "../calls/judge.ts";

const FLOWS = ["callback", "dial"] as const satisfies FlowName[];
/** From the answer on: in `callback` some 2 s of music come before the greeting. */
const HOLD_MS = 6_000;

export interface Steady {
  everyMs: number;
  minutes: number;
  onCall: (verdict: Verdict) => void;
}

/** One call after another at a fixed pace, the flows taking turns; every caller hangs up. Resolves when the last one has. */
export async function callSteadily(system: System, { everyMs, minutes, onCall }: Steady): Promise<void> {
  const calls: Promise<void>[] = [];
  const started = Date.now();
  for (let number = 0; number * everyMs < minutes * 60_000; number++) {
    await pause(Math.max(0, started + number * everyMs - Date.now()));
    calls.push(callOnce(system, FLOWS[number % 2] as FlowName).then(onCall));
  }
  await Promise.all(calls);
}

async function callOnce(system: System, flow: FlowName): Promise<Verdict> {
  const { caller } = await system.call(flow, { holdMs: HOLD_MS });
  await rm(dirname(caller.recordings.heard), { recursive: true, force: true });
  return judge(flow, caller);
}
