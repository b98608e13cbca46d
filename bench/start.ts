import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { checkout } from "../sandbox/root.ts";
import { type StartReport, tableOf } from "./start/report.ts";
import { type StartRun, startOnce } from "./start/run.ts";

export const usage =
  "start [--warm 5] [--cold] [--json]   npm start in a clean clone, then warm; --cold: also without the binaries built before";

/** What is committed is cloned; the packages come from npm's cache or registry, as they would for anybody. */
export async function run(args: string[]): Promise<StartReport> {
  const { values } = parseArgs({
    args,
    options: {
      warm: { type: "string", default: "5" },
      cold: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
    },
  });
  const parent = mkdtempSync(join(tmpdir(), "trunkline-bench-"));
  try {
    const folder = join(parent, "clone");
    const cloneMs = clone(folder);
    const env = environment(values.cold ? join(parent, "cache") : undefined);
    const first = await startOnce(folder, env);
    process.stderr.write(`  clean clone: answered after ${Math.round(first.answeredMs / 1_000)} s\n`);
    const report = { clone: withClone(first, cloneMs), warm: await startWarm(folder, env, Number(values.warm)) };
    if (!values.json) process.stderr.write(`\n${tableOf(report)}\n`);
    return report;
  } finally {
    rmSync(parent, { recursive: true, force: true });
  }
}

async function startWarm(folder: string, env: NodeJS.ProcessEnv, times: number): Promise<StartRun[]> {
  const runs: StartRun[] = [];
  while (runs.length < times) {
    runs.push(await startOnce(folder, env));
    process.stderr.write(`  warm start ${runs.length} of ${times}\n`);
  }
  return runs;
}

function clone(folder: string): number {
  const started = performance.now();
  execFileSync("git", ["clone", "--quiet", "--no-hardlinks", checkout(), folder]);
  return performance.now() - started;
}

function withClone({ answeredMs, steps }: StartRun, cloneMs: number): StartRun {
  const ms = Math.round(cloneMs);
  return { answeredMs: answeredMs + ms, steps: [{ name: "git clone", ms }, ...steps] };
}

/** Nothing of the process that measures, whose packages and Node come first on its PATH. */
function environment(cache: string | undefined): NodeJS.ProcessEnv {
  const path = (process.env.PATH ?? "").split(":").filter((folder) => !folder.includes("node_modules"));
  const own = Object.entries(process.env).filter(([name]) => !/^(npm_|TRUNKLINE_|NODE_)/i.test(name));
  return { ...Object.fromEntries(own), PATH: path.join(":"), ...(cache !== undefined && { XDG_CACHE_HOME: cache }) };
}
