import { jsonText } from "../../providers/text/foreign.ts";
import { CliError } from "../errors.ts";
import { connectionFrom, readLiveProject } from "../livekit/connection.ts";
import { wantsHelp } from "../options.ts";
import { type CommandIO, processIO } from "../output/io.ts";
import { applyRestore, type Step } from "../restore/apply.ts";
import { clashesAfter } from "../restore/clashes.ts";
import { readCopies, selectCopies } from "../restore/copies.ts";
import { parseRestoreOptions, RESTORE_HELP, type RestoreOptions } from "../restore/options.ts";
import { isDone, planRestore, type RestorePlan } from "../restore/plan.ts";
import { describePlan, describeStep } from "../restore/text.ts";

/** `trunkline restore FILE`: re-creates what LegacySipCleanup removed. Idempotent. */
export async function restore(args: string[], io: CommandIO = processIO()): Promise<number> {
  if (wantsHelp(args)) return io.done(0, RESTORE_HELP);
  const options = parseRestoreOptions(args);
  const copies = selectCopies(readCopies(options.file), options.only);
  const connection = connectionFrom(io.environment);
  const live = await readLiveProject(connection);
  const plan = planRestore(copies, live);
  if (!options.json) for (const clash of clashesAfter(plan, live)) io.print(`warning  brings a clash: ${clash}`);
  if (!isDone(plan) && !options.isConfirmed) throw notConfirmed(plan, options, io);
  const steps: Step[] = [];
  try {
    await applyRestore(connection, plan, (step) => {
      steps.push(step);
      if (!options.json) io.print(describeStep(step));
    });
  } finally {
    // What was done is told also when the rest failed.
    if (options.json) io.print(jsonText({ format: "trunkline.restore/1", steps, notChanged: foreignIds(plan) }));
  }
  if (!options.json) for (const line of describePlan({ ...plan, trunks: [], rules: [], pointing: [] })) io.print(line);
  return 0;
}

function notConfirmed(plan: RestorePlan, { json }: RestoreOptions, io: CommandIO): CliError {
  if (!json) for (const line of describePlan(plan)) io.print(line);
  const missing = [...plan.trunks, ...plan.rules].filter(({ liveId }) => liveId === undefined).length;
  return new CliError(
    "NOT_CONFIRMED",
    `${missing} objects would be created and ${plan.pointing.length} live rules rewritten; nothing was changed`,
    "Say --yes to do it.",
  );
}

function foreignIds({ foreign }: RestorePlan): string[] {
  return foreign.map(({ sipDispatchRuleId }) => sipDispatchRuleId);
}
