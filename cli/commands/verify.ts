import { relative } from "node:path";
import { jsonText } from "../../providers/text/foreign.ts";
import { failureObject } from "../failure.ts";
import { wantsHelp } from "../options.ts";
import { type CommandIO, printError, processIO } from "../output/io.ts";
import { requireWritable } from "../output-file.ts";
import { SANDBOX_NUMBER, SandboxStack } from "../sandbox/sandbox-stack.ts";
import { parseVerifyOptions, VERIFY_HELP, type VerifyOptions } from "../verify/options.ts";
import { type Verification, verificationJson, verificationText } from "../verify/report.ts";
import { writeReport } from "../verify/report-file.ts";
import { Robot } from "../verify/robot.ts";
import { isGood } from "../verify/run.ts";
import { verifyStack } from "../verify/session.ts";
import { TerminalPerson } from "../verify/terminal-person.ts";

type Tell = (line: string) => void;

/** `trunkline verify`: test calls, and a dated report of what they showed. */
export async function verify(args: string[], io: CommandIO = processIO()): Promise<number> {
  if (wantsHelp(args)) return io.done(0, VERIFY_HELP);
  const options = parseVerifyOptions(args);
  // With --json stdout belongs to the result.
  const tell = options.json ? printError : io.print;
  try {
    if (options.report !== undefined) requireWritable(options.report);
    const verification = await (options.stack === "local" ? onSandbox(options, tell) : atTelephone(options, io, tell));
    const file = relative(io.folder, writeReport(verification, io.folder, options.report));
    tell(`\nThe report is in ${file}.`);
    const text = options.json ? jsonText(verificationJson(verification)) : verificationText(verification, io);
    return io.done(isGood(verification.results) ? 0 : 2, text);
  } catch (error) {
    if (options.json) io.print(jsonText({ format: "trunkline.verify/1", error: failureObject(error) }));
    throw error;
  }
}

async function onSandbox({ flow, number = SANDBOX_NUMBER }: VerifyOptions, tell: Tell): Promise<Verification> {
  const stack = await SandboxStack.open(flow ?? "callback", tell);
  try {
    await stack.up();
    await stack.startServices();
    const target = { stack: "local", kind: "sandbox", number, middlewareUrl: undefined } as const;
    return await verifyStack(target, stack.io(), new Robot(stack), tell);
  } finally {
    await stack.close();
  }
}

async function atTelephone(options: VerifyOptions, io: CommandIO, tell: Tell): Promise<Verification> {
  const { stack, number = "", from, middlewareUrl, json } = options;
  const person = new TerminalPerson({ input: process.stdin, output: json ? process.stderr : process.stdout }, from);
  try {
    return await verifyStack({ stack, kind: "live", number, middlewareUrl }, io, person, tell);
  } finally {
    person.close();
  }
}
