import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Supervisor } from "../sandbox/processes/supervisor.ts";
import { startLivekitServer } from "../sandbox/servers/livekit-server.ts";
import { startRedis } from "../sandbox/servers/redis.ts";
import { type LoadReport, load } from "./agent/load.ts";

const WORKERS = [
  { name: "stock", file: "bench/agent/stock-worker.ts" },
  { name: "trunkline", file: "service/agent/main.ts" },
];

export const usage =
  "agent [--calls 60] [--rate 1] [--hold 5] [--only stock|trunkline]   the agent's worker against the framework's";

/** The same load on the framework's own worker and on ours, one after the other, on a real livekit-server, without SIP. */
export async function run(args: string[]): Promise<LoadReport[]> {
  const { values } = parseArgs({
    args,
    options: {
      calls: { type: "string", default: "60" },
      rate: { type: "string", default: "1" },
      hold: { type: "string", default: "5" },
      only: { type: "string" },
    },
  });
  const options = { calls: Number(values.calls), perSecond: Number(values.rate), holdMs: Number(values.hold) * 1_000 };
  const folder = mkdtempSync(join(tmpdir(), "trunkline-bench-"));
  const supervisor = new Supervisor({ folder });
  try {
    const redis = await startRedis(supervisor);
    const livekit = await startLivekitServer(supervisor, { redisPort: redis.port });
    const reports: LoadReport[] = [];
    for (const worker of WORKERS.filter(({ name }) => values.only === undefined || values.only === name))
      reports.push(await load(supervisor, livekit, worker, options));
    return reports;
  } finally {
    await supervisor.stopAll();
    rmSync(folder, { recursive: true, force: true });
  }
}
