import { type ParseArgsOptionsConfig, parseArgs } from "node:util";
import { didYouMean } from "@trunkline/contract";
import { CliError } from "./errors.ts";

/**
 * The options of a command by their names; nothing else is allowed.
 * @throws CliError USAGE
 */
export function parseOptions<const Options extends ParseArgsOptionsConfig>(
  args: string[],
  options: Options,
  help: string,
  allowPositionals = false,
) {
  try {
    return parseArgs({ args, options, allowPositionals });
  } catch (error) {
    throw usage(refusal(error, Object.keys(options)), help);
  }
}

/** What Node says, of an unknown option with the one that was probably meant: its own advice is about positional arguments. */
function refusal(error: unknown, options: readonly string[]): string {
  const message = error instanceof Error ? error.message : String(error);
  const [, name] = /^Unknown option '--([^']+)'/.exec(message) ?? [];
  if (name === undefined) return message;
  const known = options.map((option) => `--${option}`);
  return `there is no option --${name}${didYouMean(`--${name}`, known)}`;
}

export function usage(what: string, help: string): CliError {
  return new CliError("USAGE", what, help);
}

/** `--help` anywhere, as people type it. */
export function wantsHelp(args: string[]): boolean {
  return args.includes("--help") || args.includes("-h");
}
