import { Progress, type Step } from "../../sandbox/progress.ts";
import { requireBrowser, requireSpeech, whyNoBrowser } from "../../sandbox/toolchain/debian.ts";
import { installTools } from "../../sandbox/toolchain/install.ts";
import { runShown } from "../checks/command.ts";
import { type Counts, sumOf } from "../checks/counts.ts";
import { runJestRounds } from "../checks/jest-rounds.ts";
import { runJest } from "../checks/jest-run.ts";
import { STATIC_CHECKS } from "../checks/static-checks.ts";

/** `trunkline test [static | PATTERN …]`: the same set-up as `start`, then checks and tests. The last line counts them. */
export async function test(args: string[]): Promise<number> {
  const all: Counts[] = [];
  if (args.length === 0 || args[0] === "static") all.push(await checkStatically());
  if (args[0] !== "static") {
    await setUp();
    all.push(args.length === 0 ? await runAll() : sumOf((await runJest("tests", 2, args)).values()));
  }
  const { passed, failed, skipped } = sumOf(all);
  process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`);
  return failed === 0 && passed > 0 ? 0 : 1;
}

async function runAll(): Promise<Counts> {
  const { counts, secondTry } = await runJestRounds(runJest);
  for (const file of secondTry) process.stdout.write(`passed only at the second try: ${file}\n`);
  return counts;
}

async function setUp(): Promise<void> {
  const earlier = JSON.parse(process.env.TRUNKLINE_EARLIER_STEPS || "[]") as Step[];
  const progress = new Progress((line) => process.stdout.write(`${line}\n`), earlier);
  await installTools(progress, ["routing-oracle", "actionlint"]);
  await progress.step("speech", requireSpeech);
  // Where there is none and none can be installed, the page's tests are skipped and say so.
  if (whyNoBrowser() === undefined) await progress.step("browser", requireBrowser);
}

async function checkStatically(): Promise<Counts> {
  const all: Counts[] = [];
  for (const { name, command, args } of STATIC_CHECKS) {
    const code = await runShown(name, command, args);
    process.stdout.write(`${code === 0 ? "✓" : "✗"} ${name}\n`);
    all.push({ passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 });
  }
  return sumOf(all);
}
