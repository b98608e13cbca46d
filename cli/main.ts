import { dirname } from "node:path";
import { own } from "@trunkline/contract";
import { quoted } from "../providers/text/foreign.ts";
import "./caller-folder.ts";
import { failure } from "./failure.ts";
import { printError } from "./output/io.ts";

/** A command: gets the arguments behind its name, answers with its exit code. */
type Command = (args: string[]) => Promise<number>;

/** Loaded when asked for: nobody waits for what another command needs. */
const COMMANDS: Record<string, { summary: string; load(): Promise<Command> }> = {
  start: {
    summary: "set everything up on this machine, `pulumi up`, place a call",
    load: async () => (await import("./commands/start.ts")).start,
  },
  test: {
    summary: "set everything up on this machine, run the checks and tests",
    load: async () => (await import("./commands/test.ts")).test,
  },
  env: {
    summary: "print the exports with which `pulumi` works by hand on the stack `local`",
    load: async () => (await import("./commands/env.ts")).env,
  },
  explain: {
    summary: "where one call to LiveKit goes, with which SIP answer, and why",
    load: async () => (await import("./commands/explain.ts")).explain,
  },
  doctor: {
    summary: "find trunks and rules that clash, leave calls unanswered or are left over",
    load: async () => (await import("./commands/doctor.ts")).doctor,
  },
  drift: {
    summary: "what is live against what is declared; --heal makes it so",
    load: async () => (await import("./commands/drift.ts")).drift,
  },
  ticket: {
    summary: "a support ticket in Markdown, without secrets and whole phone numbers",
    load: async () => (await import("./commands/ticket.ts")).ticket,
  },
  verify: {
    summary: "guided test calls on a stack, and a dated report of what they showed",
    load: async () => (await import("./commands/verify.ts")).verify,
  },
  codecs: {
    summary: "what becomes of every audio offer that carriers make, on servers of its own",
    load: async () => (await import("./commands/codecs.ts")).codecs,
  },
  acceptance: {
    summary: "the whole once, from nothing to nothing: up, verify, drift, destroy",
    load: async () => (await import("./commands/acceptance.ts")).acceptance,
  },
  adopt: {
    summary: "list the rows of Jambonz that a stack would make although they exist; --write takes them over",
    load: async () => (await import("./commands/adopt.ts")).adopt,
  },
  leave: {
    summary: "remove what a stack still has in the LiveKit project that it has moved from",
    load: async () => (await import("./commands/leave.ts")).leave,
  },
  restore: {
    summary: "re-create removed legacy trunks and rules from the copies that were kept",
    load: async () => (await import("./commands/restore.ts")).restore,
  },
};

async function main([name = "", ...args]: string[]): Promise<number> {
  process.chdir(dirname(import.meta.dirname));
  const command = own(COMMANDS, name);
  if (!command) return usage(name);
  try {
    return await (await command.load())(args);
  } catch (error) {
    printError(failure(error));
    return 1;
  }
}

function usage(name: string): number {
  const list = Object.entries(COMMANDS).map(([command, { summary }]) => `  trunkline ${command.padEnd(10)} ${summary}`);
  const isHelp = ["", "help", "--help", "-h"].includes(name);
  const text = `${isHelp ? "" : `USAGE: there is no command ${quoted(name)}\n`}Usage:\n${list.join("\n")}\n`;
  (isHelp ? process.stdout : process.stderr).write(text);
  return isHelp ? 0 : 1;
}

// A reader that has gone (npm killed, a closed pipe) is no reason to stop cleaning up.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
process.exitCode = await main(process.argv.slice(2));
// Whatever still keeps the event loop alive has nothing left to say.
process.stdout.write("", () => process.exit());
