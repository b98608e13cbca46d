import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { checkout } from "../../sandbox/root.ts";

/** Writes `bench/results/NAME-DATE.json`: the report with the command, the day, the machine's size and how long it took. */
export function keepResult(name: string, args: readonly string[], seconds: number, report: object): string {
  const date = new Date().toISOString().slice(0, 10);
  const file = `bench/results/${name}-${date}.json`;
  const command = ["npm run bench --", name, ...args].join(" ");
  mkdirSync(checkout("bench/results"), { recursive: true });
  writeFileSync(
    checkout(file),
    `${JSON.stringify({ command, date, machine: machine(), seconds, ...report }, null, 2)}\n`,
  );
  return file;
}

function machine(): string {
  return `${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, everything on it`;
}
