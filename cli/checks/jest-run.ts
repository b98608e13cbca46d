import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { workFolder } from "../../sandbox/root.ts";
import { runShown } from "./command.ts";

export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

interface JestResults {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  numRuntimeErrorTestSuites: number;
}

/** Runs jest over these files or patterns (none = all) and counts. A file that cannot be loaded counts as one failed test. */
export async function runJest(patterns: string[]): Promise<Counts> {
  const file = workFolder("test", "jest.json");
  mkdirSync(dirname(file), { recursive: true });
  rmSync(file, { force: true });
  const args = ["node_modules/jest/bin/jest.js", "--json", `--outputFile=${file}`, "--maxWorkers=2", ...patterns];
  // With --json jest prints its results on stdout as well: only what it tells on stderr is for people.
  const code = await runShown("tests", "sh", ["-c", 'exec "$0" "$@" >/dev/null', process.execPath, ...args]);
  return countsOf(file, code);
}

function countsOf(file: string, code: number): Counts {
  try {
    const found = JSON.parse(readFileSync(file, "utf8")) as JestResults;
    return {
      passed: found.numPassedTests,
      failed: found.numFailedTests + found.numRuntimeErrorTestSuites,
      skipped: found.numPendingTests + found.numTodoTests,
    };
  } catch {
    return { passed: 0, failed: code === 0 ? 0 : 1, skipped: 0 };
  }
}
