import { parseOptions, usage } from "../options.ts";

export interface DriftOptions {
  stack: string;
  json: boolean;
  /** Make what is live what is declared, then look again. */
  heal: boolean;
  /** Add the report to the file that GitHub shows with the run. */
  summary: boolean;
  /** Ids of objects that no stack declares and that are wanted all the same. */
  allowed: string[];
}

export const DRIFT_HELP = `Usage: npx --no-install trunkline drift --stack STACK [options]
What is live against what is declared: changed fields, missing objects, legacy that came back, SIP objects that no stack has
declared, trunks and rules that clash, and what is declared but not deployed. Only looks, unless --heal is said.
  --heal        \`pulumi up --refresh\`, then look again: what is declared wins
  --allow ID    a trunk or rule that nobody declared and that is wanted all the same; may be given several times
  --json        JSON instead of a table
  --summary     add the report to the file in GITHUB_STEP_SUMMARY, too
The environment is that of \`pulumi\`: its backend and passphrase, LIVEKIT_API_KEY and LIVEKIT_API_SECRET, JAMBONZ_API_KEY and
HEROKU_API_KEY where the stack has these. For the stack "local" it is taken from the sandbox that runs.
Exit code: 0 clean, 2 drift, 1 could not look.`;

const OPTIONS = {
  stack: { type: "string" },
  heal: { type: "boolean" },
  allow: { type: "string", multiple: true },
  json: { type: "boolean" },
  summary: { type: "boolean" },
} as const;

/** @throws CliError USAGE */
export function parseDriftOptions(args: string[]): DriftOptions {
  const { values } = parseOptions(args, OPTIONS, DRIFT_HELP);
  return {
    stack: requireStack(values.stack, DRIFT_HELP),
    json: values.json ?? false,
    heal: values.heal ?? false,
    summary: values.summary ?? false,
    allowed: values.allow ?? [],
  };
}

/**
 * A stack's name, with `organization/project/` before it where the backend has that.
 * @throws CliError USAGE
 */
export function requireStack(stack: string | undefined, help: string): string {
  if (stack === undefined) throw usage("--stack is missing", help);
  if (/^[A-Za-z0-9_.-]+(\/[A-Za-z0-9_.-]+){0,2}$/.test(stack)) return stack;
  throw usage(`--stack is "${stack}", which is no stack's name`, help);
}
