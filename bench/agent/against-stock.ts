import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Supervisor } from "../../sandbox/processes/supervisor.ts";
import { startLivekitServer } from "../../sandbox/servers/livekit-server.ts";
import { startRedis } from "../../sandbox/servers/redis.ts";
import { type LoadOptions, type LoadReport, load } from "./load.ts";

const WORKERS = {
  stock: "bench/agent/stock-worker.ts",
  trunkline: "service/agent/main.ts",
} as const;
export type WorkerName = keyof typeof WORKERS;

/** The same load on each of these workers, one after the other, on a real livekit-server, without SIP. */
export async function loadInTurns(names: readonly WorkerName[], options: LoadOptions): Promise<LoadReport[]> {
  const folder = mkdtempSync(join(tmpdir(), "trunkline-bench-"));
  const supervisor = new Supervisor({ folder });
  try {
    const redis = await startRedis(supervisor);
    const livekit = await startLivekitServer(supervisor, { redisPort: redis.port });
    const reports: LoadReport[] = [];
    for (const name of names) {
      reports.push(await load(supervisor, livekit, { name, file: WORKERS[name] }, options));
      process.stderr.write(`  ${name}: ${reports.at(-1)?.greeted} of ${options.calls} greeted\n`);
    }
    return reports;
  } finally {
    await supervisor.stopAll();
    rmSync(folder, { recursive: true, force: true });
  }
}
