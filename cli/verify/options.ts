import { toE164 } from "@trunkline/contract";
import { userPath } from "../caller-folder.ts";
import { requireStack } from "../drift/options.ts";
import { parseOptions, usage } from "../options.ts";

export interface VerifyOptions {
  stack: string;
  json: boolean;
  /** The number that is called; undefined: the sandbox's. */
  number: string | undefined;
  /** The number you call from, so that nobody else's call is taken for yours; undefined: the first call that comes. */
  from: string | undefined;
  /** Where the middleware answers; undefined: what the stack says. */
  middlewareUrl: string | undefined;
  /** Of the sandbox; undefined: as declared. */
  flow: "callback" | "dial" | undefined;
  /** The report's Markdown file; the JSON is beside it. Undefined: docs/verified/<stack>-<date>.md */
  report: string | undefined;
}

export const VERIFY_HELP = `Usage: npx --no-install trunkline verify --stack STACK [options]
The guided test calls: answered, greeting whole, keys 0 * #, hang-up from both sides, transfer, fallback with the agent stopped, codec.
On "local" a sandbox is started for it, and a SIP caller does and hears everything. On any other stack you are told what to do at a
telephone, the calls are watched in the middleware and in LiveKit, and you are asked only what nothing but an ear can tell.
  --number NUMBER    the number that is called (needed but for "local")
  --from NUMBER      the number you call from: on a stack that others call, too
  --middleware URL   where the middleware answers (default: MIDDLEWARE_URL, else what the stack says)
  --flow FLOW        callback or dial: of the sandbox
  --report FILE      where the report goes (default: docs/verified/STACK-DATE.md); the same as JSON beside it
  --json             JSON on stdout; progress and questions on stderr
The environment is that of \`trunkline drift\`, and CALLS_TOKEN, the middleware's token (default: the stack's). Exit code: 0 verified, 2 not, 1 could not look.`;

const OPTIONS = {
  stack: { type: "string" },
  number: { type: "string" },
  from: { type: "string" },
  middleware: { type: "string" },
  flow: { type: "string" },
  report: { type: "string" },
  json: { type: "boolean" },
} as const;

/** @throws CliError USAGE */
export function parseVerifyOptions(args: string[]): VerifyOptions {
  const { values } = parseOptions(args, OPTIONS, VERIFY_HELP);
  const stack = requireStack(values.stack, VERIFY_HELP);
  const { number, from, middleware, flow, report, json = false } = values;
  requireNumber("--number", number);
  requireNumber("--from", from);
  if (stack !== "local" && number === undefined)
    throw usage("--number is missing: which number do you call?", VERIFY_HELP);
  if (middleware !== undefined && !URL.canParse(middleware)) throw wrong("--middleware", middleware, "no URL");
  if (report !== undefined && !report.endsWith(".md")) throw wrong("--report", report, "no .md file");
  const at = report === undefined ? undefined : userPath(report);
  return { stack, json, number, from, middlewareUrl: middleware, flow: flowOf(stack, flow), report: at };
}

function requireNumber(option: string, number: string | undefined): void {
  if (number !== undefined && toE164(number) !== number) throw wrong(option, number, "no number such as +493012345678");
}

function flowOf(stack: string, flow: string | undefined): VerifyOptions["flow"] {
  if (flow === undefined) return undefined;
  if (stack !== "local") throw usage(`--flow is for "local": the stack "${stack}" has declared its own`, VERIFY_HELP);
  if (flow === "callback" || flow === "dial") return flow;
  throw wrong("--flow", flow, "neither callback nor dial");
}

function wrong(option: string, value: string, what: string) {
  return usage(`${option} is "${value}", which is ${what}`, VERIFY_HELP);
}
