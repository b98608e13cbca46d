import type { FlowName } from "../../sandbox/calls/system.ts";
import type { Aim } from "../measure/aims.ts";
import { round } from "../measure/spread.ts";
import type { LoadReport } from "./load.ts";
import type { WholeCalls } from "./whole-calls.ts";

/** The callers' waits, and the agent's memory after. @param limitMs p95 of each flow. */
export function wholeCallAims({ flows, memoryMb }: WholeCalls, limitMs: Record<FlowName, number>): Aim[] {
  const ofFlows = (Object.keys(flows) as FlowName[]).flatMap((flow) => {
    const { calls, agent, silent, audibleMs } = flows[flow];
    const { p50, p95 } = audibleMs;
    return [
      { what: `${flow}: with the agent`, seen: `${agent} of ${calls}`, ok: agent === calls && calls > 0 },
      { what: `${flow}: left in silence`, seen: `${silent}`, ok: silent === 0 },
      {
        what: `${flow}: agent audible, p95 within ${limitMs[flow]} ms`,
        seen: `p50 ${p50} ms, p95 ${p95} ms`,
        ok: p95 <= limitMs[flow],
      },
    ];
  });
  const { before, most, after, backAfterSeconds } = memoryMb;
  const seen = `${before} MB, at most ${most}, then ${after} after ${backAfterSeconds ?? "more than 60"} s`;
  return [...ofFlows, { what: "memory back to its start, 10 % more at most", seen, ok: after <= before * 1.1 }];
}

/** @param reports of the framework's worker and of ours. */
export function costAims(reports: readonly LoadReport[]): Aim[] {
  const cpu = (worker: string) =>
    mean(reports.filter((report) => report.worker === worker).map((one) => one.cpuSecondsPerCall));
  const [stock, ours] = [cpu("stock"), cpu("trunkline")];
  const seen = `${ours} s, stock ${stock} s`;
  return [{ what: "CPU per call, at most half of the stock worker's", seen, ok: ours <= stock / 2 }];
}

/** A dyno's memory is that of all its processes, shared pages counted once. */
export function dynoAims({ calls, greeted, memoryMb }: LoadReport, limitMb: number): Aim[] {
  return [
    { what: "calls at once, all greeted", seen: `${greeted} of ${calls}`, ok: greeted === calls },
    { what: `memory at most, within ${limitMb} MB`, seen: `${memoryMb.most} MB`, ok: memoryMb.most <= limitMb },
  ];
}

function mean(values: readonly number[]): number {
  return round(values.reduce((sum, value) => sum + value, 0) / values.length, 3);
}
