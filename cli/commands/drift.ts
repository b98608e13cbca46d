import { jsonText } from "../../providers/text/foreign.ts";
import { lookAt } from "../drift/look.ts";
import { DRIFT_HELP, type DriftOptions, parseDriftOptions } from "../drift/options.ts";
import { cannotRun, type Pulumi, pulumiFor } from "../drift/pulumi.ts";
import { type DriftReport, driftFailureMarkdown, driftJson, driftMarkdown, driftText } from "../drift/report.ts";
import { failureObject } from "../failure.ts";
import { usage, wantsHelp } from "../options.ts";
import { type CommandIO, processIO } from "../output/io.ts";
import { appendOutputFile, requireWritable } from "../output-file.ts";
import { secretsOfEnvironment } from "../ticket/secrets.ts";

/** What is declared wins, also over what somebody has changed or deleted. */
const HEAL = ["up", "--refresh", "--run-program", "--yes", "--skip-preview"];

/** `trunkline drift`: what is live against what is declared. Changes something with `--heal` only. */
export async function drift(args: string[], io: CommandIO = processIO()): Promise<number> {
  if (wantsHelp(args)) return io.done(0, DRIFT_HELP);
  const options = parseDriftOptions(args);
  const summaryFile = options.summary ? requireSummary(io) : undefined;
  try {
    const report = await lookAndHeal(options, await pulumiFor(options.stack, io));
    if (summaryFile) appendOutputFile(summaryFile, driftMarkdown(report, secretsOfEnvironment(io.environment)));
    const text = options.json ? jsonText(driftJson(report)) : driftText(report, io);
    return io.done(report.differences.length === 0 ? 0 : 2, text);
  } catch (error) {
    tellFailure(error, options, summaryFile, io);
    throw error;
  }
}

async function lookAndHeal({ stack, heal, allowed }: DriftOptions, pulumi: Pulumi): Promise<DriftReport> {
  const { differences } = await lookAt(stack, pulumi, allowed);
  if (!heal || differences.length === 0) return { stack, differences };
  const run = await pulumi.run(...HEAL);
  const after = await lookAt(stack, pulumi, allowed);
  // That the program's guard refuses is told by the second look, with the call that would be refused.
  if (run.code !== 0 && !after.differences.some(({ kind }) => kind === "conflict")) throw cannotRun(stack, run);
  return { stack, differences: after.differences, before: differences };
}

function requireSummary({ environment }: CommandIO): string {
  const { GITHUB_STEP_SUMMARY: file } = environment;
  if (file) {
    requireWritable(file);
    return file;
  }
  throw usage("--summary needs GITHUB_STEP_SUMMARY, which GitHub sets in a workflow", DRIFT_HELP);
}

/** Not to know is no good news either: it is in the report, too. */
function tellFailure(
  error: unknown,
  { stack, json }: DriftOptions,
  summaryFile: string | undefined,
  io: CommandIO,
): void {
  const failure = failureObject(error);
  if (json) io.print(jsonText({ format: "trunkline.drift/1", stack, error: failure }));
  if (summaryFile)
    appendOutputFile(
      summaryFile,
      driftFailureMarkdown(stack, `${failure.code}: ${failure.message}`, secretsOfEnvironment(io.environment)),
    );
}
