import { type ParseArgsOptionsConfig, parseArgs } from "node:util";
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
    throw usage(error instanceof Error ? error.message : String(error), help);
  }
}

export function usage(what: string, help: string): CliError {
  return new CliError("USAGE", what, help);
}

/** `--help` anywhere, as people type it. */
export function wantsHelp(args: string[]): boolean {
  return args.includes("--help") || args.includes("-h");
}
