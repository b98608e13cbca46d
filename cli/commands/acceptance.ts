import { jsonText } from "../../providers/text/foreign.ts";
import { openLivePlace } from "../acceptance/live-place.ts";
import { ACCEPTANCE_HELP, type AcceptanceOptions, parseAcceptanceOptions } from "../acceptance/options.ts";
import { missingForLive } from "../acceptance/requirements.ts";
import { type Acceptance, accept, isAccepted } from "../acceptance/run.ts";
import { openSandboxPlace } from "../acceptance/sandbox-place.ts";
import { failureObject } from "../failure.ts";
import { wantsHelp } from "../options.ts";
import { type CommandIO, printError, processIO } from "../output/io.ts";
import { verificationJson } from "../verify/report.ts";
import { writeReport } from "../verify/report-file.ts";

const FORMAT = "trunkline.acceptance/1";

/** What a live run costs, in the words of those who are charged. */
const COST = `This makes and destroys real objects: two Heroku dynos and a Redis for less than an hour (a basic dyno is about 0.01 USD an hour),
four calls of up to a minute each: charged by the carrier, as agent and SIP minutes by LiveKit, as calls by Jambonz.`;

/** `npm run acceptance`: the whole, from nothing to nothing. */
export async function acceptance(args: string[], io: CommandIO = processIO()): Promise<number> {
  if (wantsHelp(args)) return io.done(0, ACCEPTANCE_HELP);
  const options = parseAcceptanceOptions(args);
  const tell = options.json ? printError : io.print;
  const missing = options.stack === "local" ? [] : missingForLive(options.stack, io.environment, io.folder);
  if (missing.length > 0) return skipped(options, missing, io);
  try {
    const result = await (options.stack === "local" ? onSandbox(options, tell) : onAccounts(options, io, tell));
    const good = isAccepted(result);
    return io.done(
      good ? 0 : 2,
      options.json ? json(options, result) : `${options.stack}: ${good ? "" : "NOT "}accepted`,
    );
  } catch (error) {
    if (options.json) io.print(jsonText({ format: FORMAT, error: failureObject(error) }));
    throw error;
  }
}

function skipped({ stack, json: isJson }: AcceptanceOptions, missing: string[], io: CommandIO): number {
  const reason = `not set, or not there: ${missing.join(", ")}`;
  const text = jsonText({ format: FORMAT, stack, skipped: reason, missing });
  return io.done(0, isJson ? text : `${stack}: SKIPPED, nothing was tried. ${reason}`);
}

function json({ stack }: AcceptanceOptions, result: Acceptance): string {
  const verification = result.verification && { verification: verificationJson(result.verification) };
  return jsonText({ format: FORMAT, stack, ok: isAccepted(result), steps: result.steps, ...verification });
}

async function onSandbox({ flow, number }: AcceptanceOptions, tell: (line: string) => void): Promise<Acceptance> {
  const place = await openSandboxPlace(flow, number, tell);
  try {
    return await accept(place, tell);
  } finally {
    await place.close();
  }
}

/** Of a live run the test calls' report is kept, whatever comes after them. */
async function onAccounts(
  options: AcceptanceOptions,
  io: CommandIO,
  tell: (line: string) => void,
): Promise<Acceptance> {
  tell(COST);
  const result = await accept(await openLivePlace(options, io, tell), tell);
  if (result.verification) tell(`The report of the test calls is in ${writeReport(result.verification, io.folder)}.`);
  return result;
}
