import { toE164 } from "@trunkline/contract";
import { requireStack } from "../drift/options.ts";
import { parseOptions, usage } from "../options.ts";

export interface AcceptanceOptions {
  /** Everything in it is made anew and destroyed. */
  stack: string;
  json: boolean;
  /** The number that is called; undefined on a live stack: nobody is at a telephone, the test calls are left out. */
  number: string | undefined;
  flow: "callback" | "dial";
}

export const ACCEPTANCE_HELP = `Usage: npm run acceptance -- [--stack STACK] [options]
The whole, once, from nothing to nothing: sweep → pulumi up → verify → drift 0 → destroy → nothing left.
  --stack STACK     default "local": servers of its own on this machine, nothing is needed. Any other is a stack of real accounts; its name
                    begins with "acceptance", because everything in it is destroyed
  --number NUMBER   the called number of a live stack, for the test calls; without it they are left out
  --flow FLOW       callback (default) or dial: of the sandbox
  --json            JSON on stdout; progress on stderr
Exit code: 0 accepted, or skipped because keys are missing (they are named); 2 not accepted; 1 could not look.`;

const OPTIONS = {
  stack: { type: "string" },
  number: { type: "string" },
  flow: { type: "string" },
  json: { type: "boolean" },
} as const;

/** Nobody calls a stack so in which something lives. */
const DISPOSABLE = /^(.*\/)?acceptance(-[a-z0-9]+)*$/;

/** @throws CliError USAGE */
export function parseAcceptanceOptions(args: string[]): AcceptanceOptions {
  const { values } = parseOptions(args, OPTIONS, ACCEPTANCE_HELP);
  const { flow = "callback", number, json = false } = values;
  const stack = requireStack(values.stack ?? "local", ACCEPTANCE_HELP);
  if (stack !== "local" && !DISPOSABLE.test(stack))
    throw usage(
      `--stack is "${stack}": a stack that is destroyed has a name that begins with acceptance`,
      ACCEPTANCE_HELP,
    );
  if (flow !== "callback" && flow !== "dial")
    throw usage(`--flow is "${flow}", which is neither callback nor dial`, ACCEPTANCE_HELP);
  if (number !== undefined && toE164(number) !== number)
    throw usage(`--number is "${number}", which is no number such as +493012345678`, ACCEPTANCE_HELP);
  return { stack, json, number, flow };
}
