import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import { loadInTurns, type WorkerName } from "./agent/against-stock.ts";
import { conversationAims, costAims, dynoAims, wholeCallAims } from "./agent/aims.ts";
import { conversationRows } from "./agent/conversations.ts";
import { atRate, inSequence } from "./agent/whole-calls.ts";
import { type Aim, aimLines } from "./measure/aims.ts";
import { round } from "./measure/spread.ts";

export const usage =
  "agent --sequence 50 | --calls 200 --rate 1 | --dyno 4 | --stock 30 [--rounds 2] | --models 10 [--at-once 10] | --full   how soon the agent is heard · the same under load, and its memory · the memory of so many calls at once · CPU against the framework's worker · each conversation against it · all of it";

/** p95 from the INVITE to the agent's first sound, ms. */
const ALONE_MS = { dial: 1_000, callback: 2_500 };
const LOADED_MS = { dial: 2_000, callback: 3_500 };
const DYNO_MB = 512;
const TURNS: readonly WorkerName[] = ["stock", "trunkline"];

/** One part of the report: what has to hold, and what it was read from. */
interface Part {
  aims: Aim[];
  [result: string]: unknown;
}

/** Prints what has to hold on stderr; exit code 1 where something does not. */
export async function run(args: string[]): Promise<object> {
  const parts = new Map<string, Part & { loadAverage: number[] }>();
  for (const [name, measure] of Object.entries(chosen(args))) {
    const before = loadAverage();
    const part = await measure();
    process.stderr.write(`${name}\n${aimLines(part.aims)}\n`);
    // Above the number of cores somebody else was at work too, and times say little.
    parts.set(name, { loadAverage: [before, loadAverage()], ...part });
    if (part.aims.some(({ ok }) => !ok)) process.exitCode = 1;
  }
  return Object.fromEntries(parts);
}

function chosen(args: string[]): Record<string, () => Promise<Part>> {
  const { values } = parseArgs({
    args,
    options: {
      full: { type: "boolean", default: false },
      sequence: { type: "string" },
      calls: { type: "string" },
      rate: { type: "string", default: "1" },
      dyno: { type: "string" },
      stock: { type: "string" },
      rounds: { type: "string", default: "2" },
      models: { type: "string" },
      "at-once": { type: "string", default: "10" },
    },
  });
  const number = (value: string | undefined, ofAll: number) => value ?? (values.full ? String(ofAll) : undefined);
  const [alone, loaded] = [number(values.sequence, 50), number(values.calls, 200)];
  const [dyno, stock] = [number(values.dyno, 4), number(values.stock, 30)];
  const models = number(values.models, 10);
  const parts = {
    ...(alone && { sequence: () => sequence(Number(alone)) }),
    ...(loaded && { load: () => steady(Number(loaded), Number(values.rate)) }),
    ...(dyno && { dyno: () => atOnce(Number(dyno)) }),
    ...(stock && { stock: () => againstStock(Number(stock), Number(values.rounds)) }),
    ...(models && { conversations: () => conversations(Number(models), Number(values["at-once"])) }),
  };
  if (Object.keys(parts).length === 0) throw new Error(`Say what to measure: ${usage}`);
  return parts;
}

async function sequence(callsPerFlow: number): Promise<Part> {
  const calls = await inSequence(callsPerFlow);
  return { aims: wholeCallAims(calls, ALONE_MS), ...calls };
}

async function steady(calls: number, perSecond: number): Promise<Part> {
  const loaded = await atRate(calls, perSecond);
  return { aims: wholeCallAims(loaded, LOADED_MS), ...loaded };
}

async function atOnce(calls: number): Promise<Part> {
  const [report] = await loadInTurns(["trunkline"], { calls, perSecond: Math.min(calls, 4), holdMs: 15_000 });
  if (!report) throw new Error("Nothing was measured");
  return { aims: dynoAims(report, DYNO_MB), report };
}

async function againstStock(calls: number, rounds: number): Promise<Part> {
  const turns = Array.from({ length: rounds }, () => TURNS).flat();
  const reports = await loadInTurns(turns, { calls, perSecond: 1, holdMs: 5_000 });
  return { aims: costAims(reports), reports };
}

/** @param callsPerFlow one after another, of each conversation on each worker. */
async function conversations(callsPerFlow: number, atOnce: number): Promise<Part> {
  const rows = await conversationRows(callsPerFlow, atOnce);
  return { aims: conversationAims(rows), rows };
}

function loadAverage(): number {
  return round(loadavg()[0] ?? Number.NaN, 1);
}
