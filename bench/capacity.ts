import { parseArgs } from "node:util";
import { table } from "../cli/output/table.ts";
import { System } from "../sandbox/calls/system.ts";
import { LIMITS } from "./calls/judge.ts";
import { PARTS, type Part } from "./capacity/parts.ts";
import { type Ramp, ramp } from "./capacity/ramp.ts";
import { busiest, type CostPerCall, costs, load, type Step, silenceIn } from "./capacity/step.ts";

export const usage =
  "capacity [--by 5] [--most 150] [--json]   calls held at once, with audio, until the first failure; what a call costs each part";

/** Beyond any machine that this runs on: the agent's own limit is a setting, and not what is measured. */
const NO_LIMIT = "1000";

interface CapacityReport {
  /** The most calls that were held without a failure. */
  held: number;
  /** What failed with more, and which part used most CPU then; undefined when nothing did. */
  limit: { calls: number; why: string; busiest: Part; load: number } | undefined;
  costPerCall: Record<Part, CostPerCall>;
  steps: (Step & { load: number; silenceMs: number })[];
}

/** All of it on this machine, the callers too. */
export async function run(args: string[]): Promise<CapacityReport> {
  const { values } = parseArgs({
    args,
    options: {
      by: { type: "string", default: "5" },
      most: { type: "string", default: "150" },
      json: { type: "boolean", default: false },
    },
  });
  const system = new System(false);
  try {
    await system.startServers();
    await system.startMiddleware();
    await system.startAgent({ AGENT_MAX_CALLS: NO_LIMIT });
    const onStep = (step: Step) =>
      process.stderr.write(`  ${step.calls} calls: ${percent(load(step))} of the machine\n`);
    const report = reportOf(await ramp(system, { by: Number(values.by), most: Number(values.most), onStep }));
    if (!values.json) process.stderr.write(`\n${tableOf(report)}\n\n${sentence(report)}\n`);
    return report;
  } finally {
    await system.stop();
  }
}

function reportOf({ steps, callers, failure }: Ramp): CapacityReport {
  const all = steps.map((step) => ({ ...step, load: load(step), silenceMs: silenceIn(step, callers) }));
  const whyOf = (step: (typeof all)[number]) => {
    if (step === all.at(-1) && failure !== undefined) return failure;
    return step.silenceMs > LIMITS.gapMs ? `a caller was in silence for ${step.silenceMs} ms` : undefined;
  };
  const bad = all.find((step) => whyOf(step) !== undefined);
  const good = bad ? all.slice(0, all.indexOf(bad)) : all;
  const limit = bad && { calls: bad.calls, why: whyOf(bad) ?? "", busiest: busiest(bad), load: bad.load };
  return { held: good.at(-1)?.calls ?? 0, limit, costPerCall: costs(good), steps: all };
}

function tableOf({ costPerCall, steps }: CapacityReport): string {
  const last = steps.at(-1);
  const rows = PARTS.map((part) => {
    const { cpuPercent, memoryMb } = costPerCall[part];
    return [part, `${cpuPercent} % of a core`, `${memoryMb} MB`, `${last?.parts[part].memoryMb ?? 0} MB`];
  });
  return table(["PART", "CPU PER CALL", "MEMORY PER CALL", `MEMORY AT ${last?.calls ?? 0} CALLS`], rows);
}

function sentence({ held, limit }: CapacityReport): string {
  if (!limit) return `${held} calls at once, none failed.`;
  const { calls, why, busiest: part, load: share } = limit;
  return `${held} calls at once. With ${calls}: ${why}; ${percent(share)} of the machine in use, most of it by ${part}.`;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
