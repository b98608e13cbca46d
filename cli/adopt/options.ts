import { requireStack } from "../drift/options.ts";
import { parseOptions } from "../options.ts";

export const ADOPT_HELP = `Usage: trunkline adopt --stack STACK [--write]

List all rows of the Jambonz account that the stack declares, that exist already, and that are not in its state; print the lines that take
them over. Needs JAMBONZ_API_KEY, and access to the stack's state.

  --stack STACK  the stack; its settings are in Pulumi.STACK.yaml
  --write        write the lines into that file

Exit codes: 0: none, or written. 2: found, not written. 1: check failed.`;

/** @throws CliError USAGE */
export function parseAdoptOptions(args: string[]): { stack: string; write: boolean } {
  const options = { stack: { type: "string" }, write: { type: "boolean" } } as const;
  const { stack, write = false } = parseOptions(args, options, ADOPT_HELP).values;
  return { stack: requireStack(stack, ADOPT_HELP), write };
}
