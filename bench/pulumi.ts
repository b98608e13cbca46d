import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { table } from "../cli/output/table.ts";
import { Supervisor } from "../sandbox/processes/supervisor.ts";
import { startLivekitServer } from "../sandbox/servers/livekit-server.ts";
import { startRedis } from "../sandbox/servers/redis.ts";
import { type Aim, aimLines } from "./measure/aims.ts";
import { percentile } from "./measure/spread.ts";
import { BenchProject, COMMANDS, type Command, type Kind } from "./pulumi/project.ts";

export const usage =
  "pulumi [--counts 1,10,100] [--rounds 5] [--json]   preview, up, drift without changes: trunks against no-op resources";

const KINDS: readonly Kind[] = ["empty", "noop", "trunks"];
/** The counts at which trunks are held against no-op resources. */
const JUDGED = [10, 1_000];
const MOST_OF_NOOP = 1.15;

/** Median wall time of one command on `count` objects, in seconds, over the rounds. */
interface Timing {
  command: Command;
  count: number;
  empty: number;
  noop: number;
  trunks: number;
  /** Median over the rounds of trunks / no-op resources, of the same round. */
  ofNoop: number;
}

interface Report {
  rounds: number;
  timings: Timing[];
  aims: Aim[];
  ok: boolean;
}

/** The real engine on stacks on which nothing is to be done; the three programs alternate. */
export async function run(args: string[]): Promise<Report> {
  const { values } = parseArgs({
    args,
    options: {
      counts: { type: "string", default: "1,10,100" },
      rounds: { type: "string", default: "5" },
      json: { type: "boolean", default: false },
    },
  });
  const [counts, rounds] = [values.counts.split(",").map(Number), Number(values.rounds)];
  const timings = await onServers(async (folder, livekit) => {
    const all: Timing[] = [];
    for (const count of counts) all.push(...(await measure(folder, livekit, count, rounds)));
    return all;
  });
  const aims = judge(timings);
  const report = { rounds, timings, aims, ok: aims.every(({ ok }) => ok) };
  if (!values.json) process.stderr.write(`\n${tableOf(timings)}\n\n${aimLines(aims)}\n`);
  if (!report.ok) process.exitCode = 1;
  return report;
}

type Livekit = Awaited<ReturnType<typeof startLivekitServer>>;

async function onServers<T>(work: (folder: string, livekit: Livekit) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "trunkline-bench-"));
  const supervisor = new Supervisor({ folder });
  try {
    const redis = await startRedis(supervisor);
    return await work(folder, await startLivekitServer(supervisor, { redisPort: redis.port }));
  } finally {
    await supervisor.stopAll();
    rmSync(folder, { recursive: true, force: true });
  }
}

type Times = Record<Kind, number[]>;

async function measure(folder: string, livekit: Livekit, count: number, rounds: number): Promise<Timing[]> {
  const projects = new Map<Kind, BenchProject>();
  for (const kind of KINDS) projects.set(kind, await BenchProject.create(folder, kind, count, livekit));
  const times = new Map<Command, Times>(COMMANDS.map((command) => [command, { empty: [], noop: [], trunks: [] }]));
  for (let round = 1; round <= rounds; round++) {
    for (const [command, seconds] of times)
      for (const [kind, project] of projects) seconds[kind].push((await project.time(command)) / 1_000);
    process.stderr.write(`  ${count} objects: round ${round} of ${rounds}\n`);
  }
  return [...times].map(([command, seconds]) => timingOf(command, count, seconds));
}

function timingOf(command: Command, count: number, { empty, noop, trunks }: Times): Timing {
  const median = (values: number[]) => Math.round(percentile(values, 0.5) * 1_000) / 1_000;
  const ofNoop = median(trunks.map((seconds, round) => seconds / (noop[round] ?? Number.NaN)));
  return { command, count, empty: median(empty), noop: median(noop), trunks: median(trunks), ofNoop };
}

function judge(timings: readonly Timing[]): Aim[] {
  return timings
    .filter(({ count }) => JUDGED.includes(count))
    .map(({ command, count, ofNoop }) => ({
      what: `${command} of ${count} trunks: at most ${MOST_OF_NOOP} × no-op resources`,
      seen: `${ofNoop.toFixed(2)} ×`,
      ok: ofNoop <= MOST_OF_NOOP,
    }));
}

function tableOf(timings: readonly Timing[]): string {
  const rows = timings.map(({ command, count, empty, noop, trunks, ofNoop }) => [
    command,
    String(count),
    `${empty.toFixed(2)} s`,
    `${noop.toFixed(2)} s`,
    `${trunks.toFixed(2)} s`,
    `${ofNoop.toFixed(2)} ×`,
  ]);
  return table(["COMMAND", "TRUNKS", "EMPTY PROGRAM", "NO-OP RESOURCES", "TRUNKS", "OF NO-OP"], rows);
}
