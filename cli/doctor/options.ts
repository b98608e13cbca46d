import { FILE_HELP, FILE_OPTIONS, type FileOptions, fileOptions } from "../livekit/files-option.ts";
import { parseOptions, usage } from "../options.ts";

export interface DoctorOptions extends FileOptions {
  json: boolean;
  write: boolean;
  stack: string | undefined;
  /** Agents that are declared beside this project's own. */
  agents: string[];
  /** Ask for the rules' agents in empty rooms. */
  probe: boolean;
}

export const DOCTOR_HELP = `Usage: npx --no-install trunkline doctor [options]
  --write                put the proposed legacy ids into the stack file (trunkline:legacy); nothing is removed before pulumi up
  --stack STACK          whose stack file (default: the one that is bound to this LiveKit project)
  --agent NAME           an agent that is declared elsewhere; repeatable
${FILE_HELP}
  --probe                ask for the rules' agents in empty rooms, which are removed again
  --json                 JSON instead of tables
The live project: LIVEKIT_URL, LIVEKIT_API_KEY, LIVEKIT_API_SECRET. It is only read, except by --probe.
Every kind of finding, with its cure: docs/FINDINGS.md. Exit code: 0 clean, 2 findings, 1 check failed or cannot tell.`;

const OPTIONS = {
  write: { type: "boolean" },
  stack: { type: "string" },
  agent: { type: "string", multiple: true },
  ...FILE_OPTIONS,
  probe: { type: "boolean" },
  json: { type: "boolean" },
} as const;

/** @throws CliError USAGE */
export function parseDoctorOptions(args: string[]): DoctorOptions {
  const { values } = parseOptions(args, OPTIONS, DOCTOR_HELP);
  const { write = false, stack, probe = false } = values;
  const { files, host } = fileOptions(values);
  if (stack !== undefined && !/^[A-Za-z0-9_.-]+$/.test(stack))
    throw usage(`--stack is "${stack}", which is no stack's name`, DOCTOR_HELP);
  if (write && files !== undefined)
    throw usage("--write needs the live project: an export may be older than what is there now", DOCTOR_HELP);
  if (probe && files !== undefined) throw usage("--probe needs the live project: a file has no workers", DOCTOR_HELP);
  return {
    files,
    host,
    probe,
    json: values.json ?? false,
    write,
    stack,
    agents: values.agent ?? [],
  };
}
