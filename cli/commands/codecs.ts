import { jsonText } from "../../providers/text/foreign.ts";
import { System } from "../../sandbox/calls/system.ts";
import { Progress } from "../../sandbox/progress.ts";
import { stopSignal } from "../../sandbox/start/stop-signal.ts";
import { installTools } from "../../sandbox/toolchain/install.ts";
import { type Checked, checkRows } from "../codecs/check.ts";
import { declaredRules } from "../codecs/declared.ts";
import { isCheckable } from "../codecs/expect.ts";
import { LIVEKIT_DEFAULTS } from "../codecs/media-rules.ts";
import { CODECS_HELP, type CodecOptions, parseCodecOptions } from "../codecs/options.ts";
import { type CodecReport, codecsJson, codecsText, isAsKnown, offerText } from "../codecs/report.ts";
import { ROWS, type Row } from "../codecs/rows.ts";
import { type BothRules, startSystem } from "../codecs/sandbox.ts";
import { pulumiFor } from "../drift/pulumi.ts";
import { CliError } from "../errors.ts";
import { failureObject } from "../failure.ts";
import { wantsHelp } from "../options.ts";
import { type CommandIO, printError, processIO } from "../output/io.ts";

/** `trunkline codecs`: what becomes of every kind of audio offer, on real servers. Touches nothing that is live. */
export async function codecs(args: string[], io: CommandIO = processIO()): Promise<number> {
  if (wantsHelp(args)) return io.done(0, CODECS_HELP);
  const options = parseCodecOptions(args);
  try {
    const report = await check(options, io);
    const text = options.json ? jsonText(codecsJson(report)) : codecsText(report, io);
    return io.done(isAsKnown(report.checked) ? 0 : 1, text);
  } catch (error) {
    if (options.json) io.print(jsonText({ format: "trunkline.codecs/1", error: failureObject(error) }));
    throw error;
  }
}

async function check({ stack, only, json }: CodecOptions, io: CommandIO): Promise<CodecReport> {
  const tell = json ? printError : io.print;
  const progress = new Progress(tell);
  const rules = await rulesOf(stack, io);
  const rows = ROWS.filter((row) => only.length === 0 || only.includes(row.name)).filter((row) =>
    isCheckable(row, rules.inbound),
  );
  await installTools(progress);
  const checked = await onServers((system) => callAll(system, rows, rules, progress));
  return { stack, rules, checked };
}

async function callAll(system: System, rows: Row[], rules: BothRules, progress: Progress): Promise<Checked[]> {
  const entry = await startSystem(system, rules, progress);
  return progress.step(`${rows.length} calls`, (detail) =>
    checkRows(system, entry, rows, rules, ({ row }) => detail(offerText(row))),
  );
}

/** Whatever becomes of the work, Ctrl-C included, nothing of the servers is left. */
async function onServers<T>(work: (system: System) => Promise<T>): Promise<T> {
  const system = new System(false);
  const interrupted = new CliError(
    "CANNOT_LOOK",
    "interrupted before all rows were checked",
    "Nothing live was touched.",
  );
  try {
    return await Promise.race([work(system), stopSignal().asked.then(() => Promise.reject(interrupted))]);
  } finally {
    await system.stop();
  }
}

/** A stack with one trunk has its rules for both. */
async function rulesOf(stack: string | undefined, io: CommandIO): Promise<BothRules> {
  if (stack === undefined) return { inbound: LIVEKIT_DEFAULTS, outbound: LIVEKIT_DEFAULTS };
  const { inbound, outbound } = await declaredRules(stack, await pulumiFor(stack, io));
  const either = inbound ?? outbound ?? LIVEKIT_DEFAULTS;
  return { inbound: inbound ?? either, outbound: outbound ?? either };
}
