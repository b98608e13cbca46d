import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Supervisor } from "../sandbox/processes/supervisor.ts";
import { startLivekitServer } from "../sandbox/servers/livekit-server.ts";
import { startRedis } from "../sandbox/servers/redis.ts";
import { type Aim, aimLines } from "./measure/aims.ts";
import { BenchProject, COMMANDS, type Command, KINDS, type Kind } from "./pulumi/project.ts";
import { judgeTimings, type Times, type Timing, tableOf, timingOf } from "./pulumi/report.ts";

export const usage =
  "pulumi [--counts 1,10,100] [--rounds 5] [--json]   preview, up, drift without changes: trunks against no-op resources";

/** The smaller of the two judged counts. Its commands take seconds, of which noise is a large part: more turns in each round. */
const SHORT = 10;
const TURNS_OF_SHORT = 3;

interface PulumiReport {
  rounds: number;
  timings: Timing[];
  aims: Aim[];
  ok: boolean;
}

/** The real engine on stacks on which nothing is to be done; programs and counts alternate. */
export async function run(args: string[]): Promise<PulumiReport> {
  const { values } = parseArgs({
    args,
    options: {
      counts: { type: "string", default: "1,10,100" },
      rounds: { type: "string", default: "5" },
      json: { type: "boolean", default: false },
    },
  });
  const [counts, rounds] = [values.counts.split(",").map(Number), Number(values.rounds)];
  const timings = await inFolder((place) => measure(place, counts, rounds));
  const aims = judgeTimings(timings);
  const report = { rounds, timings, aims, ok: aims.every(({ ok }) => ok) };
  if (!values.json) process.stderr.write(`\n${tableOf(timings)}\n\n${aimLines(aims)}\n`);
  if (!report.ok) process.exitCode = 1;
  return report;
}

interface Place {
  folder: string;
  supervisor: Supervisor;
}

async function inFolder<T>(work: (place: Place) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "trunkline-bench-"));
  const supervisor = new Supervisor({ folder });
  try {
    return await work({ folder, supervisor });
  } finally {
    await supervisor.stopAll();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Stacks of one count: a program of each kind, and what its commands took. */
interface Stacks {
  count: number;
  projects: Map<Kind, BenchProject>;
  times: Map<Command, Times>;
}

/** The counts take turns, too: a machine that is slow for some minutes is so for all of them. */
async function measure(place: Place, counts: number[], rounds: number): Promise<Timing[]> {
  const all: Stacks[] = [];
  for (const count of counts) all.push(await makeStacks(place, count));
  for (let round = 1; round <= rounds; round++) {
    for (const stacks of all) await timeRound(stacks);
    process.stderr.write(`  round ${round} of ${rounds}\n`);
  }
  return all.flatMap(({ count, times }) => [...times].map(([command, seconds]) => timingOf(command, count, seconds)));
}

/** Each count has a LiveKit of its own, as a stack has: others' trunks would be drift. */
async function makeStacks({ folder, supervisor }: Place, count: number): Promise<Stacks> {
  const redis = await startRedis(supervisor);
  const livekit = await startLivekitServer(supervisor, { redisPort: redis.port });
  const projects = new Map<Kind, BenchProject>();
  for (const kind of KINDS) projects.set(kind, await BenchProject.create(folder, kind, count, livekit));
  process.stderr.write(`  ${count} objects of each kind made\n`);
  const times = new Map<Command, Times>(COMMANDS.map((command) => [command, { empty: [], noop: [], trunks: [] }]));
  return { count, projects, times };
}

async function timeRound({ count, projects, times }: Stacks): Promise<void> {
  for (let turn = 0; turn < (count === SHORT ? TURNS_OF_SHORT : 1); turn++)
    for (const [command, seconds] of times)
      for (const [kind, project] of projects) seconds[kind].push((await project.time(command)) / 1_000);
}
