import { table } from "../../cli/output/table.ts";
import { percentile, round } from "../measure/spread.ts";
import type { StartRun } from "./run.ts";

export interface StartReport {
  clone: StartRun;
  warm: StartRun[];
}

const TO_ANSWER = "to the answered call";

/** One line per step: the first start in the clone, and the median of the warm ones. */
export function tableOf({ clone, warm }: StartReport): string {
  const names = [...new Set([clone, ...warm].flatMap(({ steps }) => steps.map(({ name }) => name)))];
  const rows = names.map((name) => [
    name,
    seconds(stepMs(clone, name)),
    seconds(medianOf(warm, (run) => stepMs(run, name))),
  ]);
  const answered = medianOf(warm, ({ answeredMs }) => answeredMs);
  const head = ["STEP", "CLEAN CLONE", `WARM (median of ${warm.length})`];
  return table(head, [...rows, [TO_ANSWER, seconds(clone.answeredMs), seconds(answered)]]);
}

function stepMs({ steps }: StartRun, name: string): number {
  return steps.find((step) => step.name === name)?.ms ?? Number.NaN;
}

function medianOf(runs: readonly StartRun[], value: (run: StartRun) => number): number {
  return percentile(runs.map(value), 0.5);
}

function seconds(ms: number): string {
  return Number.isNaN(ms) ? "–" : `${round(ms / 1_000, 1).toFixed(1)} s`;
}
