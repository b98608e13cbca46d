import { table } from "../../cli/output/table.ts";
import type { Aim } from "../measure/aims.ts";
import { slope } from "../measure/slope.ts";
import { percentile, round } from "../measure/spread.ts";
import { COMMANDS, type Command, type Kind } from "./project.ts";

/** Seconds, one of each round. */
export type Times = Record<Kind, number[]>;

/** Median wall time of one command on `count` objects, in seconds, over the rounds. */
export interface Timing {
  command: Command;
  count: number;
  empty: number;
  noop: number;
  trunks: number;
  /** Median over the rounds of trunks / no-op resources, of the same round. */
  ofNoop: number;
}

/** The counts at which trunks are held against no-op resources. */
const JUDGED = [10, 1_000];
const MOST_OF_NOOP = 1.15;
/** Of a trunk's time between 100 and 1000, against that between 10 and 100. */
const MOST_GROWTH = 1.5;

export function timingOf(command: Command, count: number, { empty, noop, trunks }: Times): Timing {
  const median = (values: number[]) => round(percentile(values, 0.5), 3);
  const ofNoop = median(trunks.map((seconds, index) => seconds / (noop[index] ?? Number.NaN)));
  return { command, count, empty: median(empty), noop: median(noop), trunks: median(trunks), ofNoop };
}

export function judgeTimings(timings: readonly Timing[]): Aim[] {
  const shares = timings.filter(({ count }) => JUDGED.includes(count)).map(shareAim);
  return [...shares, ...COMMANDS.flatMap((command) => growthAim(command, timings) ?? [])];
}

function shareAim({ command, count, ofNoop }: Timing): Aim {
  const what = `${command} of ${count} trunks: at most ${MOST_OF_NOOP} × no-op resources`;
  return { what, seen: `${ofNoop.toFixed(2)} ×`, ok: ofNoop <= MOST_OF_NOOP };
}

/** Linear: a trunk costs no more among a thousand than among a hundred. Undefined without these counts. */
function growthAim(command: Command, timings: readonly Timing[]): Aim | undefined {
  const perTrunk = (from: number, to: number) =>
    slope(
      timings
        .filter((one) => one.command === command && [from, to].includes(one.count))
        .map((one) => [one.count, one.trunks]),
    );
  const [few, many] = [perTrunk(10, 100), perTrunk(100, 1_000)];
  if (Number.isNaN(few) || Number.isNaN(many)) return undefined;
  const seen = `${round(few * 1_000, 1)} ms each up to 100, ${round(many * 1_000, 1)} ms up to 1000`;
  return { what: `${command}: grows linearly`, seen, ok: many <= MOST_GROWTH * few };
}

export function tableOf(timings: readonly Timing[]): string {
  const rows = timings.map(({ command, count, empty, noop, trunks, ofNoop }) => [
    command,
    String(count),
    ...[empty, noop, trunks].map((seconds) => `${seconds.toFixed(2)} s`),
    `${ofNoop.toFixed(2)} ×`,
  ]);
  return table(["COMMAND", "TRUNKS", "EMPTY PROGRAM", "NO-OP RESOURCES", "TRUNKS", "OF NO-OP"], rows);
}
