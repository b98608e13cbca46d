import type { FlowName } from "../../sandbox/calls/system.ts";
import type { Aim } from "../measure/aims.ts";
import { round } from "../measure/spread.ts";
import type { ConversationRow } from "./conversations.ts";
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

/** Nothing of a model's call is worse with us than on the framework's own worker, which has the same model servers. */
export function conversationAims(rows: readonly ConversationRow[]): Aim[] {
  const ours = rows.filter(({ worker }) => worker === "trunkline");
  const greeted = ours.map(({ conversation, atOnce }) => ({
    what: `${conversation}: at once, all greeted whole`,
    seen: `${atOnce.greeted} of ${atOnce.calls}`,
    ok: atOnce.greeted === atOnce.calls,
  }));
  const compared = ours.flatMap((own) => {
    const stock = rows.find((row) => row.worker === "stock" && row.conversation === own.conversation);
    return stock ? againstStock(own, stock) : [];
  });
  return [...greeted, ...compared];
}

/** Two measurements of the same thing differ by a window of the tone's analysis, 100 ms. */
const SAME_MS = 100;

function againstStock(own: ConversationRow, stock: ConversationRow): Aim[] {
  const { conversation } = own;
  const aim = (what: string, ours: number, theirs: number, more: number, unit: string): Aim => ({
    what: `${conversation}: ${what}`,
    seen: `${ours} ${unit}, stock ${theirs} ${unit}`,
    ok: ours <= theirs + more,
  });
  return [
    aim("greeting, dial, p50", own.greetingMs.dial.p50, stock.greetingMs.dial.p50, SAME_MS, "ms"),
    aim("turn, p50", own.turnMs.p50, stock.turnMs.p50, SAME_MS, "ms"),
    aim("barge-in, p50", own.bargeInMs.p50, stock.bargeInMs.p50, SAME_MS, "ms"),
    aim("CPU per call", own.cpuSecondsPerCall, stock.cpuSecondsPerCall, 0, "s"),
    aim("memory at most", own.memoryMb.most, stock.memoryMb.most, 0, "MB"),
  ];
}

function mean(values: readonly number[]): number {
  return round(values.reduce((sum, value) => sum + value, 0) / values.length, 3);
}
