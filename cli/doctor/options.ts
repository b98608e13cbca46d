import { userPath } from "../caller-folder.ts";
import { parseOptions, usage } from "../options.ts";

export interface DoctorOptions {
  /** Read this instead of the live project. */
  file: string | undefined;
  json: boolean;
  write: boolean;
  stack: string | undefined;
  /** Agents that are declared beside this project's own. */
  agents: string[];
}

export const DOCTOR_HELP = `Usage: npx trunkline doctor [options]
  --write          put the proposed legacy ids into the stack file (trunkline:legacy); nothing is removed before pulumi up
  --stack STACK    whose stack file (default: the one that is bound to this LiveKit project)
  --agent NAME     an agent that is declared elsewhere; may be given several times
  --file FILE      a JSON export (trunkline explain --export) instead of the live project
  --json           JSON instead of tables
The live project: LIVEKIT_URL, LIVEKIT_API_KEY, LIVEKIT_API_SECRET. It is only read.
Exit code: 0 clean, 2 findings, 1 could not look.`;

const OPTIONS = {
  write: { type: "boolean" },
  stack: { type: "string" },
  agent: { type: "string", multiple: true },
  file: { type: "string" },
  json: { type: "boolean" },
} as const;

/** @throws CliError USAGE */
export function parseDoctorOptions(args: string[]): DoctorOptions {
  const { values } = parseOptions(args, OPTIONS, DOCTOR_HELP);
  const { write = false, stack, file } = values;
  if (stack !== undefined && !/^[A-Za-z0-9_.-]+$/.test(stack))
    throw usage(`--stack is "${stack}", which is no stack's name`, DOCTOR_HELP);
  if (write && file !== undefined)
    throw usage("--write needs the live project: an export may be older than what is there now", DOCTOR_HELP);
  return {
    file: file === undefined ? undefined : userPath(file),
    json: values.json ?? false,
    write,
    stack,
    agents: values.agent ?? [],
  };
}
