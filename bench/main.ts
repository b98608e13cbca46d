/** `node bench/main.ts NAME [options] [--keep]`: runs one measurement and prints its report as JSON; `--keep`: into bench/results, too. */
import { own } from "@trunkline/contract";
import { keepResult } from "./measure/keep.ts";

interface Bench {
  /** One line: its name, its options, what it measures. */
  usage: string;
  run(args: string[]): Promise<object>;
}

const BENCHES: Record<string, () => Promise<Bench>> = {
  agent: () => import("./agent.ts"),
  calls: () => import("./calls.ts"),
  capacity: () => import("./capacity.ts"),
  flood: () => import("./flood.ts"),
  pulumi: () => import("./pulumi.ts"),
  setup: () => import("./setup.ts"),
  soak: () => import("./soak.ts"),
  start: () => import("./start.ts"),
  webhook: () => import("./webhook.ts"),
};

const [name = "", ...args] = process.argv.slice(2);
const open = own(BENCHES, name);
if (open) await measure(await open());
else await tellUsage();

async function measure(bench: Bench): Promise<void> {
  const options = args.filter((arg) => arg !== "--keep");
  const started = performance.now();
  const report = await bench.run(options);
  const seconds = Math.round((performance.now() - started) / 1_000);
  process.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`);
  if (args.includes("--keep")) process.stderr.write(`Kept in ${keepResult(name, options, seconds, report)}\n`);
}

async function tellUsage(): Promise<void> {
  const known = await Promise.all(Object.values(BENCHES).map((load) => load()));
  process.stderr.write(`Which measurement?\n${known.map(({ usage }) => `  ${usage}`).join("\n")}\n`);
  process.stderr.write("  With --keep the report is written into bench/results, too.\n");
  process.exitCode = 2;
}
