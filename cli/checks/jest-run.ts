import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, relative } from "node:path";
import { checkout, workFolder } from "../../sandbox/root.ts";
import { runShown } from "./command.ts";
import type { Counts } from "./counts.ts";

interface FileResult {
  /** Absolute path. */
  name: string;
  assertionResults: { status: "passed" | "failed" | "pending" | "todo" | "skipped" | "disabled" }[];
  /** `failed` also where the file could not be loaded or a hook of it failed. */
  status: "passed" | "failed";
}

/**
 * Runs jest with these arguments in so many processes at a time: what became of each file, by its path in the project.
 * A file that failed without a failed test (it cannot be loaded) counts as one; so does a jest that leaves no results.
 */
export async function runJest(name: string, workers: number, args: string[]): Promise<Map<string, Counts>> {
  const file = workFolder("test", "jest.json");
  mkdirSync(dirname(file), { recursive: true });
  rmSync(file, { force: true });
  const jest = ["node_modules/jest/bin/jest.js", "--json", `--outputFile=${file}`, `--maxWorkers=${workers}`, ...args];
  // With --json jest prints its results on stdout as well: only what it tells on stderr is for people.
  const code = await runShown(name, "sh", ["-c", 'exec "$0" "$@" >/dev/null', process.execPath, ...jest]);
  try {
    const { testResults } = JSON.parse(readFileSync(file, "utf8")) as { testResults: FileResult[] };
    return new Map(testResults.map((result) => [relative(checkout(), result.name), countsOf(result)]));
  } catch {
    return new Map([["jest itself", { passed: 0, failed: code === 0 ? 0 : 1, skipped: 0 }]]);
  }
}

function countsOf({ status, assertionResults }: FileResult): Counts {
  const count = (wanted: string) => assertionResults.filter(({ status: found }) => found === wanted).length;
  const passed = count("passed");
  const failed = count("failed");
  const skipped = assertionResults.length - passed - failed;
  return { passed, failed: status === "failed" ? Math.max(1, failed) : failed, skipped };
}
