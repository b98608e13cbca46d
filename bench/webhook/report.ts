import { table } from "../../cli/output/table.ts";
import type { Aim } from "../measure/aims.ts";
import { percentile, round } from "../measure/spread.ts";
import type { Measured } from "./round.ts";
import { NAMES, VARIANTS, type VariantName } from "./variants.ts";

/** Each figure is the median over the rounds. */
export type Summary = Record<VariantName, Measured>;
export type Round = Record<VariantName, Measured>;

const MOST_CPU_MS = 1;
const LEAST_OF_BARE = 0.9;
const LEAST_OF_ORIGINAL = 5;

export function summarise(rounds: readonly Round[]): Summary {
  return Object.fromEntries(NAMES.map((name) => [name, medianOf(rounds.map((one) => one[name]))])) as Summary;
}

function medianOf(measured: readonly Measured[]): Measured {
  const median = (field: keyof Measured) =>
    percentile(
      measured.map((one) => one[field]),
      0.5,
    );
  return {
    perSecond: median("perSecond"),
    p50Ms: median("p50Ms"),
    p99Ms: median("p99Ms"),
    cpuMs: median("cpuMs"),
    failed: measured.reduce((sum, { failed }) => sum + failed, 0),
  };
}

/** Ratios are taken within each round; the median of them counts. */
export function judgeWebhook(rounds: readonly Round[]): Aim[] {
  const share = (one: VariantName, other: VariantName) =>
    round(
      percentile(
        rounds.map((of) => of[one].perSecond / of[other].perSecond),
        0.5,
      ),
      2,
    );
  const { cpuMs } = summarise(rounds).oursAlone;
  const [ofBare, ofOriginal] = [share("ours", "bare"), share("oursAlone", "original")];
  const failed = rounds.flatMap(({ ours, oursStubbed, oursAlone }) => [ours, oursStubbed, oursAlone]);
  const notAnswered = failed.reduce((sum, one) => sum + one.failed, 0);
  return [
    { what: `own cost: under ${MOST_CPU_MS} ms of CPU`, seen: `${cpuMs} ms`, ok: cpuMs < MOST_CPU_MS },
    {
      what: `requests/s: at least ${LEAST_OF_BARE} of the bare route's`,
      seen: `${ofBare}`,
      ok: ofBare >= LEAST_OF_BARE,
    },
    {
      what: `LiveKit stubbed: at least ${LEAST_OF_ORIGINAL} × Express with its calls`,
      seen: `${ofOriginal} ×`,
      ok: ofOriginal >= LEAST_OF_ORIGINAL,
    },
    { what: "the middleware answers every webhook 200", seen: `${notAnswered} were not`, ok: notAnswered === 0 },
  ];
}

export function tableOf(summary: Summary): string {
  const rows = NAMES.map((name) => {
    const { perSecond, p50Ms, p99Ms, cpuMs } = summary[name];
    const { what, livekit } = VARIANTS[name];
    return [what, livekit, String(perSecond), `${p50Ms} ms`, `${p99Ms} ms`, `${cpuMs} ms`];
  });
  return table(["SERVICE", "LIVEKIT", "REQUESTS/S", "P50", "P99", "CPU PER REQUEST"], rows);
}
