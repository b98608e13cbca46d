import { dirname } from "node:path";
import { own } from "@trunkline/contract";
import "./caller-folder.ts";
import { COMMANDS } from "./command-table.ts";
import { keepCompiled } from "./compiled.ts";
import { failure } from "./failure.ts";
import { helpFor, unknownCommand, versionText } from "./help.ts";
import { wantsHelp } from "./options.ts";
import { printError } from "./output/io.ts";

// What commands write, and what the programs that they start write, is for its user alone, whatever the shell allows.
process.umask(0o077);

async function main([name = "", ...args]: string[]): Promise<number> {
  process.chdir(dirname(import.meta.dirname));
  try {
    if (["", "help", "--help", "-h"].includes(name)) return print(await helpFor(args[0]));
    if (["version", "--version", "-v"].includes(name)) return print(versionText());
    const command = own(COMMANDS, name);
    if (command === undefined) throw unknownCommand(name);
    // Before a command is loaded: asked for its options, none sets anything up.
    if (wantsHelp(args)) return print(await command.help());
    keepCompiled();
    return await (await command.load())(args);
  } catch (error) {
    printError(failure(error));
    return 1;
  }
}

function print(text: string): number {
  process.stdout.write(`${text}\n`);
  return 0;
}

// A reader that has gone (npm killed, a closed pipe) is no reason to stop cleaning up.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
process.exitCode = await main(process.argv.slice(2));
// Whatever still keeps the event loop alive has nothing left to say.
process.stdout.write("", () => process.exit());
