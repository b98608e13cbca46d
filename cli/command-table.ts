/** A command: gets the arguments behind its name, answers with its exit code. */
type Command = (args: string[]) => Promise<number>;

interface Entry {
  /** One line for the list of commands. */
  summary: string;
  /** Its options. Loads nothing that the command itself needs. */
  help(): Promise<string>;
  load(): Promise<Command>;
}

/** Loaded when asked for: nobody waits for what another command needs. */
export const COMMANDS: Readonly<Record<string, Entry>> = {
  start: {
    summary: "set everything up on this machine, `pulumi up`, place a call",
    help: async () => (await import("../sandbox/start/options.ts")).START_USAGE,
    load: async () => (await import("./commands/start.ts")).start,
  },
  test: {
    summary: "set everything up on this machine, run the checks and tests",
    help: async () => (await import("./checks/help.ts")).TEST_HELP,
    load: async () => (await import("./commands/test.ts")).test,
  },
  env: {
    summary: "print the exports with which `pulumi` works by hand on the stack `local`",
    help: async () => (await import("./sandbox/help.ts")).ENV_HELP,
    load: async () => (await import("./commands/env.ts")).env,
  },
  explain: {
    summary: "where one call to LiveKit goes, with which SIP answer, and why",
    help: async () => (await import("./explain/options.ts")).EXPLAIN_HELP,
    load: async () => (await import("./commands/explain.ts")).explain,
  },
  doctor: {
    summary: "find trunks and rules that clash, leave calls unanswered or are left over",
    help: async () => (await import("./doctor/options.ts")).DOCTOR_HELP,
    load: async () => (await import("./commands/doctor.ts")).doctor,
  },
  drift: {
    summary: "what is live against what is declared; --heal makes it so",
    help: async () => (await import("./drift/options.ts")).DRIFT_HELP,
    load: async () => (await import("./commands/drift.ts")).drift,
  },
  ticket: {
    summary: "a support ticket in Markdown, without secrets and whole phone numbers",
    help: async () => (await import("./ticket/options.ts")).TICKET_HELP,
    load: async () => (await import("./commands/ticket.ts")).ticket,
  },
  verify: {
    summary: "guided test calls on a stack, and a dated report of what they showed",
    help: async () => (await import("./verify/options.ts")).VERIFY_HELP,
    load: async () => (await import("./commands/verify.ts")).verify,
  },
  codecs: {
    summary: "what becomes of every audio offer that carriers make, on servers of its own",
    help: async () => (await import("./codecs/options.ts")).CODECS_HELP,
    load: async () => (await import("./commands/codecs.ts")).codecs,
  },
  acceptance: {
    summary: "the whole once, from nothing to nothing: up, verify, drift, destroy",
    help: async () => (await import("./acceptance/options.ts")).ACCEPTANCE_HELP,
    load: async () => (await import("./commands/acceptance.ts")).acceptance,
  },
  adopt: {
    summary: "list the rows of Jambonz that a stack would make although they exist; --write takes them over",
    help: async () => (await import("./adopt/options.ts")).ADOPT_HELP,
    load: async () => (await import("./commands/adopt.ts")).adopt,
  },
  leave: {
    summary: "remove what a stack still has in the LiveKit project that it has moved from",
    help: async () => (await import("./leave/options.ts")).LEAVE_HELP,
    load: async () => (await import("./commands/leave.ts")).leave,
  },
  restore: {
    summary: "re-create removed legacy trunks and rules from the copies that were kept",
    help: async () => (await import("./restore/options.ts")).RESTORE_HELP,
    load: async () => (await import("./commands/restore.ts")).restore,
  },
};
