import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Supervisor } from "../sandbox/processes/supervisor.ts";
import { type LivekitServer, startLivekitServer } from "../sandbox/servers/livekit-server.ts";
import { startRedis } from "../sandbox/servers/redis.ts";
import { type Aim, aimLines } from "./measure/aims.ts";
import { BenchProject, COMMANDS, type Command, KINDS, type Kind } from "./pulumi/project.ts";
import { judgeTimings, type Times, type Timing, tableOf, timingOf } from "./pulumi/report.ts";

export const usage =
  "pulumi [--counts 1,10,100] [--rounds 5] [--json]   preview, up, drift without changes: trunks against no-op resources";

interface PulumiReport {
  rounds: number;
  timings: Timing[];
  aims: Aim[];
  ok: boolean;
}

/** The real engine on stacks on which nothing is to be done; the three programs alternate. */
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
  const timings: Timing[] = [];
  await onServers(async (folder, livekit) => {
    for (const count of counts) timings.push(...(await measure(folder, livekit, count, rounds)));
  });
  const aims = judgeTimings(timings);
  const report = { rounds, timings, aims, ok: aims.every(({ ok }) => ok) };
  if (!values.json) process.stderr.write(`\n${tableOf(timings)}\n\n${aimLines(aims)}\n`);
  if (!report.ok) process.exitCode = 1;
  return report;
}

async function onServers(work: (folder: string, livekit: LivekitServer) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "trunkline-bench-"));
  const supervisor = new Supervisor({ folder });
  try {
    const redis = await startRedis(supervisor);
    await work(folder, await startLivekitServer(supervisor, { redisPort: redis.port }));
  } finally {
    await supervisor.stopAll();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(folder: string, livekit: LivekitServer, count: number, rounds: number): Promise<Timing[]> {
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
