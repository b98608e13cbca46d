import { parseArgs } from "node:util";
import { loadInTurns, type WorkerName } from "./agent/against-stock.ts";
import { type Aim, costAims, dynoAims, wholeCallAims } from "./agent/aims.ts";
import { conditions } from "./agent/machine.ts";
import { atRate, inSequence } from "./agent/whole-calls.ts";

export const usage =
  "agent --sequence 50 | --calls 200 --rate 1 | --dyno 4 | --stock 30 [--rounds 2]   how soon the agent is heard · the same under load, and its memory · the memory of so many calls at once · CPU against the framework's worker";

/** p95 from the INVITE to the agent's first sound, ms. */
const ALONE_MS = { dial: 1_000, callback: 2_500 };
const LOADED_MS = { dial: 2_000, callback: 3_500 };
const DYNO_MB = 512;
const TURNS: readonly WorkerName[] = ["stock", "trunkline"];

interface Measured {
  aims: Aim[];
  [result: string]: unknown;
}

/** Prints what has to hold on stderr; exit code 1 where something does not. */
export async function run(args: string[]): Promise<object> {
  const measured = conditions();
  const { aims, ...result } = await measure(args);
  process.stderr.write(
    `${aims.map(({ ok, what, seen }) => `  ${ok ? "ok" : "NO"} ${what.padEnd(52)} ${seen}`).join("\n")}\n`,
  );
  if (aims.some(({ ok }) => !ok)) process.exitCode = 1;
  return { command: ["npm run bench -- agent", ...args].join(" "), ...measured(), aims, ...result };
}

async function measure(args: string[]): Promise<Measured> {
  const { values } = parseArgs({
    args,
    options: {
      sequence: { type: "string" },
      calls: { type: "string", default: "200" },
      rate: { type: "string", default: "1" },
      dyno: { type: "string" },
      stock: { type: "string" },
      rounds: { type: "string", default: "2" },
    },
  });
  if (values.sequence !== undefined) return sequence(Number(values.sequence));
  if (values.dyno !== undefined) return dyno(Number(values.dyno));
  if (values.stock !== undefined) return stock(Number(values.stock), Number(values.rounds));
  return steady(Number(values.calls), Number(values.rate));
}

async function sequence(callsPerFlow: number): Promise<Measured> {
  const calls = await inSequence(callsPerFlow);
  return { aims: wholeCallAims(calls, ALONE_MS), ...calls };
}

async function steady(calls: number, perSecond: number): Promise<Measured> {
  const loaded = await atRate(calls, perSecond);
  return { aims: wholeCallAims(loaded, LOADED_MS), ...loaded };
}

async function dyno(calls: number): Promise<Measured> {
  const [report] = await loadInTurns(["trunkline"], { calls, perSecond: calls, holdMs: 15_000 });
  if (!report) throw new Error("Nothing was measured");
  return { aims: dynoAims(report, DYNO_MB), report };
}

async function stock(calls: number, rounds: number): Promise<Measured> {
  const turns = Array.from({ length: rounds }, () => TURNS).flat();
  const reports = await loadInTurns(turns, { calls, perSecond: 1, holdMs: 5_000 });
  return { aims: costAims(reports), reports };
}
