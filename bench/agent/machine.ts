import { availableParallelism, loadavg, totalmem } from "node:os";

/** Where and when something was measured. */
export interface Conditions {
  date: string;
  machine: string;
  /** Of the last minute, before and after: above the number of cores somebody else was at work, and times say little. */
  loadAverage: { before: number; after: number };
}

/** Notes the conditions at the start; the result notes those at the end. */
export function conditions(): () => Conditions {
  const before = loadAverage();
  const date = new Date().toISOString().slice(0, 10);
  const machine = `${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, everything on it`;
  return () => ({ date, machine, loadAverage: { before, after: loadAverage() } });
}

function loadAverage(): number {
  return Math.round((loadavg()[0] ?? Number.NaN) * 10) / 10;
}
