import { z } from "zod";
import { looseJson } from "../../contract/outgoing/index.ts";
import { exportedState } from "../drift/exported-state.ts";
import { lookAt } from "../drift/look.ts";
import { cannotRun, type Pulumi, pulumiFor } from "../drift/pulumi.ts";
import { CliError } from "../errors.ts";
import { connectionFrom } from "../livekit/connection.ts";
import type { CommandIO } from "../output/io.ts";
import { verifyStack } from "../verify/session.ts";
import { TerminalPerson } from "../verify/terminal-person.ts";
import { HerokuApps } from "./heroku-apps.ts";
import { Identities } from "./identities.ts";
import type { AcceptanceOptions } from "./options.ts";
import { type LiveSettings, liveSettings, ownNames } from "./requirements.ts";
import type { Place } from "./run.ts";
import { type Accounts, findThings, sweep } from "./systems.ts";

const UP = ["up", "--yes", "--skip-preview"];
const DESTROY = ["destroy", "--yes", "--skip-preview"];

const configured = z.record(
  z.string(),
  z.object({ value: z.string().optional(), objectValue: z.unknown().optional() }),
);

/** The stack on real accounts. @throws CliError BAD_FILE, CANNOT_LOOK, WRONG_STACK, MISSING_SETTING */
export async function openLivePlace(
  { stack, number }: AcceptanceOptions,
  io: CommandIO,
  tell: (line: string) => void,
): Promise<Place> {
  const pulumi = await pulumiFor(stack, io);
  const accounts = accountsOf(stack, await settingsOf(stack, pulumi), io.environment);
  const identities = new Identities(async () => (await exportedState(stack, pulumi)).owner);
  const must = async (args: string[]) => {
    const run = await pulumi.run(...args);
    if (run.code !== 0) throw cannotRun(stack, run);
  };
  return {
    find: () => findThings(accounts, stack, identities),
    sweep: (own) => sweep(accounts, own),
    up: () => must(UP),
    async verify() {
      if (number === undefined) return "nobody is at a telephone: say --number to make the test calls";
      const person = new TerminalPerson({ input: process.stdin, output: process.stderr });
      const target = { stack, kind: "live", number, middlewareUrl: undefined } as const;
      return verifyStack(target, io, person, tell).finally(() => person.close());
    },
    drift: async () => (await lookAt(stack, pulumi)).differences,
    async destroy() {
      await identities.remember();
      await must(DESTROY);
    },
  };
}

async function settingsOf(stack: string, pulumi: Pulumi): Promise<LiveSettings> {
  const run = await pulumi.run("config", "--json");
  if (run.code !== 0) throw cannotRun(stack, run);
  const entries = configured.safeParse(looseJson(run.stdout)).data;
  if (entries === undefined)
    throw new CliError("CANNOT_LOOK", "pulumi config printed no settings", "Nothing was changed.");
  const config = Object.entries(entries).map(([name, { value, objectValue }]) => [
    name.replace(/^trunkline:/, ""),
    objectValue ?? value,
  ]);
  const settings = liveSettings(stack, Object.fromEntries(config));
  if (!("problems" in settings)) return settings;
  throw new CliError(
    "BAD_FILE",
    `the stack "${stack}" cannot be accepted: ${settings.problems.join("; ")}`,
    "Nothing was changed.",
  );
}

function accountsOf(stack: string, settings: LiveSettings, environment: NodeJS.ProcessEnv): Accounts {
  const { livekitUrl, jambonz } = settings;
  return {
    names: ownNames(stack, settings),
    livekit: connectionFrom({ ...environment, LIVEKIT_URL: livekitUrl }),
    jambonz: { url: jambonz.url, key: environment.JAMBONZ_API_KEY ?? "" },
    heroku: new HerokuApps(environment.HEROKU_API_KEY ?? ""),
  };
}
