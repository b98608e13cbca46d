import { readFileSync } from "node:fs";
import { join } from "node:path";
import { didYouMean, own } from "@trunkline/contract";
import { quoted } from "../providers/text/foreign.ts";
import { COMMANDS } from "./command-table.ts";
import { CliError } from "./errors.ts";

/** Of one command, or of all. @throws CliError USAGE for one that is not there */
export async function helpFor(name: string | undefined): Promise<string> {
  if (name === undefined || name.startsWith("-")) return overview();
  const command = own(COMMANDS, name);
  if (command === undefined) throw unknownCommand(name);
  return command.help();
}

export function unknownCommand(name: string): CliError {
  const meant = didYouMean(name, Object.keys(COMMANDS));
  return new CliError("USAGE", `there is no command ${quoted(name)}${meant}`, overview());
}

/** The version, and what runs it. */
export function versionText(): string {
  const { version } = JSON.parse(readFileSync(join(import.meta.dirname, "package.json"), "utf8")) as {
    version: string;
  };
  return `trunkline ${version} (Node ${process.versions.node})`;
}

function overview(): string {
  const list = Object.entries(COMMANDS).map(([command, { summary }]) => `  trunkline ${command.padEnd(10)} ${summary}`);
  return ["Usage:", ...list, "", "The options of one: trunkline help COMMAND. The version: trunkline --version."].join(
    "\n",
  );
}
