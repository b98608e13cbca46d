import { type Counts, sumOf } from "./counts.ts";
import type { runJest } from "./jest-run.ts";

/** Tests that place calls or listen to them: what they measure in milliseconds needs the machine for itself. */
const TIMED =
  "/test/((browser|calls|faults|sandbox/jambonz|start)/|service/agent/(agent|standby|telephony)|cli/((acceptance|verify)/run|commands/codecs))";
/** More files than this fail by no accident: six of 250 did on a machine that others slowed down by a third. */
const MAX_REPEATED = 8;

export interface JestRounds {
  counts: Counts;
  /** Files that failed, and passed when they were run once more, on their own. */
  secondTry: string[];
}

/**
 * Runs all tests, those that measure time one file after the other. Up to eight failed files are run once more with
 * nothing beside them, and the second result counts: a fault fails twice. Whoever calls this tells which they were.
 */
export async function runJestRounds(run: typeof runJest): Promise<JestRounds> {
  const results = await run("tests", 2, ["--testPathIgnorePatterns", "/node_modules/", TIMED]);
  for (const [file, counts] of await run("timed tests", 1, ["--testPathPatterns", TIMED])) results.set(file, counts);
  const failed = [...results].filter(([, counts]) => counts.failed > 0).map(([file]) => file);
  if (failed.length === 0 || failed.length > MAX_REPEATED) return { counts: sumOf(results.values()), secondTry: [] };
  const again = await run("once more", 1, ["--runTestsByPath", ...failed]);
  for (const [file, counts] of again) results.set(file, counts);
  return { counts: sumOf(results.values()), secondTry: failed.filter((file) => results.get(file)?.failed === 0) };
}
