import { requireStack } from "../drift/options.ts";
import { parseOptions } from "../options.ts";

export interface LeaveOptions {
  stack: string;
  isConfirmed: boolean;
  json: boolean;
}

export const LEAVE_HELP = `Usage: npx --no-install trunkline leave --stack STACK [--yes] [--json]
Removes what a stack still has in the LiveKit project that it has moved away from (livekitMovedFrom): trunks and rules with its mark.
What is in the stack's state, what other stacks have and what was made by hand stays.
  --stack   the stack
  --yes     remove them; without, they are listed and nothing is changed
  --json    JSON instead of text
The keys of the project that was left: LIVEKIT_PREVIOUS_API_KEY, LIVEKIT_PREVIOUS_API_SECRET.
Exit code: 0 nothing is left there, 1 not (without --yes: there is something to remove).`;

/** @throws CliError USAGE */
export function parseLeaveOptions(args: string[]): LeaveOptions {
  const options = { stack: { type: "string" }, yes: { type: "boolean" }, json: { type: "boolean" } } as const;
  const { stack, yes = false, json = false } = parseOptions(args, options, LEAVE_HELP).values;
  return { stack: requireStack(stack, LEAVE_HELP), isConfirmed: yes, json };
}
