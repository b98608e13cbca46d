import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { SandboxError } from "../errors.ts";
import { identify, isAlive, type ProcessIdentity } from "../processes/process-table.ts";
import { endRegistered } from "../processes/register.ts";
import { workFolder } from "../root.ts";

const LOCK = () => workFolder("run.lock");
const RUNS = () => workFolder("runs");
/** A start whose npm was killed notices that within 0.5 s and needs a few more to stop everything. */
const PATIENCE_MS = 12_000;
const STEP_MS = 200;
const KEPT_RUNS = 5;

/**
 * One start per checkout: waits for one that is just ending, then ends, by recorded pid, what earlier starts left behind.
 * @returns the folder of this run and the names of the processes that were ended.
 * @throws SandboxError ALREADY_RUNNING
 */
export async function takeLock(): Promise<{ folder: string; orphans: string[]; release(): void }> {
  mkdirSync(RUNS(), { recursive: true, mode: 0o700 });
  // An earlier version made them for everybody.
  for (const path of [workFolder(), RUNS()]) chmodSync(path, 0o700);
  for (const end = performance.now() + PATIENCE_MS; holder(); await sleep(STEP_MS)) {
    if (performance.now() > end)
      throw new SandboxError(
        "ALREADY_RUNNING",
        `a start is running in this checkout (pid ${holder()?.pid})`,
        "End it with Ctrl-C first, or work in another clone.",
      );
  }
  writeFileSync(LOCK(), JSON.stringify(identify(process.pid)), { mode: 0o600 });
  const orphans = await endOrphans();
  forgetOldRuns();
  const folder = join(RUNS(), `${new Date().toISOString().replaceAll(/[:.]/g, "-")}-${process.pid}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return { folder, orphans, release: () => rmSync(LOCK(), { force: true }) };
}

/** The process that holds the lock and still runs. */
function holder(): ProcessIdentity | undefined {
  if (!existsSync(LOCK())) return undefined;
  try {
    const identity = JSON.parse(readFileSync(LOCK(), "utf8")) as ProcessIdentity;
    return isAlive(identity) ? identity : undefined;
  } catch {
    return undefined; // cut off by a kill: nobody holds it
  }
}

async function endOrphans(): Promise<string[]> {
  const names = await Promise.all(runs().map((run) => endRegistered(join(RUNS(), run, "processes.jsonl"))));
  return names.flat();
}

function forgetOldRuns(): void {
  for (const run of runs().slice(0, -KEPT_RUNS)) rmSync(join(RUNS(), run), { recursive: true, force: true });
}

function runs(): string[] {
  return readdirSync(RUNS()).sort();
}
