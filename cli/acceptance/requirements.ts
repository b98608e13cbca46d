import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { livekitCarrierName } from "../../infra/jambonz-names.ts";
import type { OwnNames } from "./belongings.ts";

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

const isOthers = "is somebody else's, and would be destroyed";
const isNothing = (value: unknown) => value === "" || (typeof value === "object" && JSON.stringify(value) === "{}");
const none = z.union([z.literal(""), z.literal(false), z.literal("false")], { error: isOthers }).optional();
const app = z.object({ name: z.string(), existing: none });
const carrier = z.object({ name: z.string().default("Schmidtkom"), adopt: none });
const settings = z.object({
  livekitUrl: z.string(),
  jambonz: z.object({
    url: z.string(),
    adopt: z.record(z.string(), z.unknown().refine(isNothing, { error: isOthers })).default({}),
    credentialGeneration: z.coerce.number().default(1),
    phoneCarrier: carrier,
    phoneCarriers: z.record(z.string(), carrier.extend({ name: z.string() })).default({}),
  }),
  heroku: z.object({ middleware: app, agent: app }),
});
export type LiveSettings = z.output<typeof settings>;

/** What a live run reads of the stack's configuration, or what is wrong with it. `config` is by name, without the project's. */
export function liveSettings(stack: string, config: Record<string, unknown>): LiveSettings | { problems: string[] } {
  const parsed = settings.safeParse(config);
  if (!parsed.success)
    return { problems: parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`) };
  const { jambonz, heroku } = parsed.data;
  const names = [
    ["jambonz.phoneCarrier.name", jambonz.phoneCarrier.name],
    ...Object.entries(jambonz.phoneCarriers).map(([key, { name }]) => [`jambonz.phoneCarriers.${key}.name`, name]),
    ["heroku.middleware.name", heroku.middleware.name],
    ["heroku.agent.name", heroku.agent.name],
  ] as const;
  const prefix = `${stack.split("/").at(-1)}-`;
  const problems = names
    .filter(([, name = ""]) => !name.startsWith(prefix))
    .map(
      ([setting, name]) => `${setting}: "${name}" does not begin with "${prefix}": what has such a name is destroyed`,
    );
  return problems.length > 0 ? { problems } : parsed.data;
}

/** What a sweep takes. */
export function ownNames(stack: string, { jambonz, heroku }: LiveSettings): OwnNames {
  const phone = [jambonz.phoneCarrier, ...Object.values(jambonz.phoneCarriers)].map(({ name }) => name);
  const livekit = livekitCarrierName({ stack: stack.split("/").at(-1) ?? stack, jambonz });
  return { carriers: [livekit, ...phone], apps: [heroku.middleware.name, heroku.agent.name] };
}
