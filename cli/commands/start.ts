import { jsonText } from "../../providers/text/foreign.ts";
import { parseStartOptions } from "../../sandbox/start/options.ts";
import { type StartResult, start as startSandbox } from "../../sandbox/start/start.ts";
import { failure, failureLine } from "../failure.ts";
import { printError, processIO } from "../output/io.ts";

export async function start(args: string[]): Promise<number> {
  if (!args.includes("--json")) return exitCode(await startSandbox(parseStartOptions(args), processIO().print));
  const result = await asJson(args);
  processIO().print(jsonText(result));
  return exitCode(result);
}

async function asJson(args: string[]): Promise<StartResult> {
  try {
    return await startSandbox(parseStartOptions(args), printError);
  } catch (error) {
    printError(failure(error));
    return { ok: false, reason: failureLine(error), steps: [], outputs: {}, calls: [] };
  }
}

function exitCode(result: StartResult): number {
  return result.ok ? 0 : 1;
}
