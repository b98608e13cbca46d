import { Progress, type Step } from "../../sandbox/progress.ts";
import { requireBrowser, whyNoBrowser } from "../../sandbox/toolchain/debian.ts";
import { installTools } from "../../sandbox/toolchain/install.ts";
import { runShown } from "../checks/command.ts";
import { type Counts, runJest } from "../checks/jest-run.ts";
import { STATIC_CHECKS } from "../checks/static-checks.ts";

/** `trunkline test [static | PATTERN …]`: the same set-up as `start`, then checks and tests. The last line counts them. */
export async function test(args: string[]): Promise<number> {
  const isStaticOnly = args[0] === "static";
  const counts = args.length === 0 || isStaticOnly ? await checkStatically() : { passed: 0, failed: 0, skipped: 0 };
  if (!isStaticOnly) {
    await setUp();
    add(counts, await runJest(args));
  }
  process.stdout.write(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`);
  return counts.failed === 0 && counts.passed > 0 ? 0 : 1;
}

async function setUp(): Promise<void> {
  const earlier = JSON.parse(process.env.TRUNKLINE_EARLIER_STEPS || "[]") as Step[];
  const progress = new Progress((line) => process.stdout.write(`${line}\n`), earlier);
  await installTools(progress, ["routing-oracle"]);
  // Where there is none and none can be installed, the page's tests are skipped and say so.
  if (whyNoBrowser() === undefined) await progress.step("browser", requireBrowser);
}

async function checkStatically(): Promise<Counts> {
  const counts: Counts = { passed: 0, failed: 0, skipped: 0 };
  for (const { name, command, args } of STATIC_CHECKS) {
    const code = await runShown(name, command, args);
    process.stdout.write(`${code === 0 ? "✓" : "✗"} ${name}\n`);
    add(counts, { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 });
  }
  return counts;
}

function add(sum: Counts, more: Counts): void {
  sum.passed += more.passed;
  sum.failed += more.failed;
  sum.skipped += more.skipped;
}
