import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

/** One of each row has to be set for a live run. */
const KEYS = [
  ["LIVEKIT_API_KEY"],
  ["LIVEKIT_API_SECRET"],
  ["JAMBONZ_API_KEY"],
  ["HEROKU_API_KEY"],
  ["PULUMI_BACKEND_URL", "PULUMI_ACCESS_TOKEN"],
] as const;

/** What a live run lacks, each by its name. Empty: it can begin. */
export function missingForLive(stack: string, environment: NodeJS.ProcessEnv, folder: string): string[] {
  const keys = KEYS.filter((names) => names.every((name) => !environment[name])).map((names) => names.join(" or "));
  const file = `Pulumi.${stack.split("/").at(-1)}.yaml`;
  return existsSync(join(folder, file)) ? keys : [...keys, file];
}

const app = z.object({ name: z.string() });
const settings = z.object({
  livekitUrl: z.string(),
  jambonz: z.object({ url: z.string(), phoneCarrier: z.object({ name: z.string().default("Schmidtkom") }) }),
  heroku: z.object({ middleware: app, agent: app }),
});
export type LiveSettings = z.output<typeof settings>;

/** What a live run reads of the stack's configuration, or what is wrong with it. `config` is by name, without the project's. */
export function liveSettings(stack: string, config: Record<string, unknown>): LiveSettings | { problems: string[] } {
  const parsed = settings.safeParse(config);
  if (!parsed.success)
    return { problems: parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`) };
  const { jambonz, heroku } = parsed.data;
  const names = {
    "jambonz.phoneCarrier.name": jambonz.phoneCarrier.name,
    "heroku.middleware.name": heroku.middleware.name,
    "heroku.agent.name": heroku.agent.name,
  };
  const problems = Object.entries(names)
    .filter(([, name]) => !name.startsWith(prefixOf(stack)))
    .map(
      ([setting, name]) => `${setting}: "${name}" does not begin with "${prefixOf(stack)}", so it could not be swept`,
    );
  return problems.length > 0 ? { problems } : parsed.data;
}

/** Names that people choose begin so; the program's own have the stack's name in them. */
export function prefixOf(stack: string): string {
  return `${stack.split("/").at(-1)}-`;
}
