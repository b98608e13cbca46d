import { isReadableOnItsWay } from "@trunkline/contract";
import { z } from "zod";

/** The stack whose resources are protected. */
export const PRODUCTION = "prod";
/** Heroku's limit, and its alphabet. Source: POST /apps of the Platform API. */
const APP_NAME = /^[a-z][a-z0-9-]{1,28}[a-z0-9]$/;
/** Preboot starts new dynos before it stops the old ones; only these sizes have it. Source: devcenter, "Preboot". */
const PREBOOT_SIZES = /^(standard|performance|private|shield)-/;

const SECRET_NAME = /(SECRET|TOKEN|PASSWORD|PASSPHRASE|CREDENTIAL|PRIVATE|(^|_)KEY)(_|$)/;

const appName = z
  .string({ error: "is not set" })
  .regex(APP_NAME, "is no name of a Heroku app: 3 to 30 of a-z, 0-9 and -, first a letter");
const size = z
  .string()
  .regex(/^(basic|eco|(standard|performance|private|shield)-[a-z0-9.-]+)$/, "is no dyno size: basic, standard-1x, …");
const quantity = z.number().int().min(0).max(100);
const variableName = z.string().regex(/^[A-Z][A-Z0-9_]*$/, "is no name of a config var");
const variables = z.record(variableName, z.string()).default({});
const addon = z.strictObject({
  /** `heroku-redis:mini` */
  plan: z.string().regex(/^[a-z0-9-]+(:[a-z0-9-]+)?$/, "is no plan of an add-on"),
  /** The name of an add-on the app already has, e.g. `redis-curved-12345`: it is taken over. */
  existing: z.string().min(1).optional(),
});

const service = {
  name: appName,
  /** The app exists: it is imported and taken over, and stays when the stack is destroyed. */
  existing: z.boolean().default(false),
  /** Of an existing app: whether it has the process type already, `web` or `worker`; its size and quantity are then imported. */
  hasProcess: z.boolean().default(true),
  /** Default: basic; of an existing app with its process type, what it has. */
  size: size.optional(),
  /** Default: 1; of an existing app with its process type, what it has. */
  quantity: quantity.optional(),
  /** Further config vars, nothing secret. */
  variables,
  /** Default: a Redis for the middleware; none for an app that exists. */
  addons: z.array(addon).optional(),
};

interface Sizes {
  existing: boolean;
  hasProcess: boolean;
  size?: string | undefined;
  quantity?: number | undefined;
  addons?: z.output<typeof addon>[] | undefined;
}

/** What is not said gets a default; of an app that exists it is left as it is found, which is what `keeps` names. */
function completed<A extends Sizes>(app: A, addons: z.output<typeof addon>[]) {
  const isFound = app.existing && app.hasProcess;
  const keeps = (["size", "quantity"] as const).filter((name) => isFound && app[name] === undefined);
  const { size = "basic", quantity = 1 } = app;
  return { ...app, size, quantity, keeps, addons: app.addons ?? (app.existing ? [] : addons) };
}

/** `trunkline:heroku`: where middleware and agent run. Without it nothing is deployed. */
export const herokuSchema = z.strictObject({
  /** A team's name; without it the apps belong to the key's own account. */
  team: z.string().min(1).optional(),
  region: z.literal("eu", { error: "has to be eu: calls and their data stay in Europe" }).default("eu"),
  stack: z.enum(["heroku-24", "heroku-26"]).default("heroku-24"),
  /** Protects apps and add-ons against `pulumi destroy`. Default: on `prod` only. */
  protect: z.boolean().optional(),
  /** Lets an update restart the agent while calls are going on. */
  deployDuringCalls: z.boolean().default(false),
  /** How long a new release may take until it is ready, in seconds. */
  readyLimitSeconds: z.number().int().min(10).max(1_800).default(300),
  middleware: z
    .strictObject({
      ...service,
      /** A host name of yours; without it the app's own. */
      domain: z.hostname("is no host name").optional(),
      /** Starts new dynos before it stops the old ones. */
      preboot: z.boolean().default(false),
    })
    .transform((app) => completed(app, [{ plan: "heroku-redis:mini" }])),
  /** Left out: another LiveKit agent answers, see `agent.agentName`. */
  agent: z
    .strictObject(service)
    .transform((app) => completed(app, []))
    .optional(),
});

export type HerokuSettings = z.output<typeof herokuSchema>;

/** `trunkline:serviceSecrets`: further config vars that are secret, e.g. the key of a language model. Encrypted in the stack file. */
export const serviceSecretsSchema = z.strictObject({ middleware: variables, agent: variables });

/** Dynos of 512 MB. Source: devcenter, "Dyno sizes". */
const SMALL_SIZES = new Set(["basic", "eco", "standard-1x"]);

/** How many calls fit into 512 MB, by conversation; docs/AGENT_CAPACITY.md has the sums. A module of the user's counts as a pipeline. */
const SMALL_CAPACITY = { echo: 12, realtime: 4, pipeline: 3 } as const;

/** As many calls as fit; on larger dynos the agent's own default. */
export function capacityOf(
  agentSize: string,
  conversation: keyof typeof SMALL_CAPACITY = "echo",
): Record<string, string> {
  return SMALL_SIZES.has(agentSize.toLowerCase()) ? { AGENT_MAX_CALLS: String(SMALL_CAPACITY[conversation]) } : {};
}

/** Whether destroying is refused. */
export function isProtected(stack: string, heroku: HerokuSettings): boolean {
  return heroku.protect ?? stack === PRODUCTION;
}

/** What the schema cannot say: rules between settings, and those of production. Each problem names its setting. */
export function herokuProblems(
  stack: string,
  heroku: HerokuSettings,
  livekitUrl: string,
  apiUrl: string | undefined,
): string[] {
  const { middleware, agent } = heroku;
  return [
    ...(middleware.size === "eco"
      ? ["heroku.middleware.size: eco dynos sleep, and a caller would wait for them; use basic or larger"]
      : []),
    ...(agent?.size === "eco" ? ["heroku.agent.size: eco dynos sleep and miss calls; use basic or larger"] : []),
    ...(middleware.name === agent?.name
      ? ["heroku.agent.name: is the middleware's; each needs an app of its own"]
      : []),
    ...(middleware.preboot && !middleware.keeps.includes("size") && !PREBOOT_SIZES.test(middleware.size)
      ? [`heroku.middleware.preboot: is not there for ${middleware.size} dynos; use standard-1x or larger`]
      : []),
    ...(isHere(livekitUrl) && !isHere(apiUrl)
      ? ["livekitUrl: is on this machine, which no Heroku dyno can reach"]
      : []),
    ...(apiUrl !== undefined && isReadableOnItsWay(apiUrl) ? ["HEROKU_API_URL: is not encrypted: use https://"] : []),
    ...plainSecrets("middleware", middleware.variables),
    ...plainSecrets("agent", agent?.variables ?? {}),
    ...(stack === PRODUCTION ? productionProblems(heroku, livekitUrl) : []),
  ];
}

function isHere(url = ""): boolean {
  return /^\w+:\/\/(localhost|127\.|\[::1\])/.test(url);
}

function productionProblems(heroku: HerokuSettings, livekitUrl: string): string[] {
  const { middleware, agent } = heroku;
  return [
    ...(heroku.protect === false ? ["heroku.protect: cannot be off on prod"] : []),
    ...(middleware.quantity < 2 ? ["heroku.middleware.quantity: prod needs at least 2 web dynos"] : []),
    ...(middleware.preboot ? [] : ["heroku.middleware.preboot: has to be on for prod"]),
    ...(agent?.quantity === 0 ? ["heroku.agent.quantity: without an agent no call is answered"] : []),
    ...(livekitUrl.startsWith("wss:") ? [] : ["livekitUrl: has to be wss:// on prod"]),
  ];
}

function plainSecrets(service: string, given: Readonly<Record<string, string>>): string[] {
  return Object.keys(given)
    .filter((name) => SECRET_NAME.test(name))
    .map(
      (name) =>
        `heroku.${service}.variables.${name}: looks like a secret. Set it with: pulumi config set --secret --path serviceSecrets.${service}.${name}`,
    );
}
