import type { Counts } from "../../../cli/checks/counts.ts";
import { runJestRounds } from "../../../cli/checks/jest-rounds.ts";

const GOOD = { passed: 4, failed: 0, skipped: 1 };
const BAD = { passed: 3, failed: 1, skipped: 1 };

/** A jest whose rounds end like this, one after the other; `asked` keeps their arguments. */
function jest(...rounds: Record<string, Counts>[]) {
  const asked: { name: string; workers: number; args: string[] }[] = [];
  const run = async (name: string, workers: number, args: string[]) => {
    asked.push({ name, workers, args });
    return new Map(Object.entries(rounds[asked.length - 1] ?? {}));
  };
  return { run, asked };
}

test("tests that measure time run one at a time, after the others", async () => {
  const { run, asked } = jest({ unit: GOOD }, { calls: GOOD });
  expect(await runJestRounds(run)).toEqual({ counts: { passed: 8, failed: 0, skipped: 2 }, secondTry: [] });
  expect(asked.map(({ name, workers }) => [name, workers])).toEqual([
    ["tests", 2],
    ["timed tests", 1],
  ]);
});

test("no file is run in both rounds, and none in neither", async () => {
  const { run, asked } = jest({}, {});
  await runJestRounds(run);
  const [ignored, wanted] = asked.map(({ args }) => new RegExp(args.at(-1) ?? ""));
  for (const path of ["/x/test/calls/a.test.ts", "/x/test/cli/a.test.ts", "/x/test/start/b.test.ts"])
    expect(wanted?.test(path)).toBe(ignored?.test(path));
});

test("a file that failed is run once more: the second result counts, and the file is named", async () => {
  const { run, asked } = jest({ unit: GOOD }, { calls: BAD }, { calls: GOOD });
  expect(await runJestRounds(run)).toEqual({ counts: { passed: 8, failed: 0, skipped: 2 }, secondTry: ["calls"] });
  expect(asked.at(-1)?.args).toEqual(["--runTestsByPath", "calls"]);
});

test("what fails twice has failed", async () => {
  const { run } = jest({ unit: BAD }, { calls: BAD }, { unit: GOOD, calls: BAD });
  expect(await runJestRounds(run)).toEqual({ counts: { passed: 7, failed: 1, skipped: 2 }, secondTry: ["unit"] });
});

test("more than eight failed files are no accident: nothing is repeated", async () => {
  const { run, asked } = jest({ a: BAD, b: BAD, c: BAD, d: BAD }, { e: BAD, f: BAD, g: BAD, h: BAD, i: BAD });
  expect((await runJestRounds(run)).counts.failed).toBe(9);
  expect(asked).toHaveLength(2);
});
