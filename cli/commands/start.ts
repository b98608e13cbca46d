import { parseStartOptions } from "../../sandbox/start/options.ts";
import { type StartResult, start as startSandbox } from "../../sandbox/start/start.ts";
import { failure, failureLine } from "../failure.ts";

export async function start(args: string[]): Promise<number> {
  if (!args.includes("--json")) return exitCode(await startSandbox(parseStartOptions(args), writer(process.stdout)));
  const result = await asJson(args);
  process.stdout.write(`${JSON.stringify(result)}\n`);
  return exitCode(result);
}

async function asJson(args: string[]): Promise<StartResult> {
  try {
    return await startSandbox(parseStartOptions(args), writer(process.stderr));
  } catch (error) {
    process.stderr.write(`${failure(error)}\n`);
    return { ok: false, reason: failureLine(error), steps: [], outputs: {}, calls: [] };
  }
}

function writer(stream: NodeJS.WritableStream): (line: string) => void {
  return (line) => void stream.write(`${line}\n`);
}

function exitCode(result: StartResult): number {
  return result.ok ? 0 : 1;
}
