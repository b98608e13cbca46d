import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { excessOf, isCountry, LIMITS } from "@trunkline/contract";
import {
  isFreeHeader,
  livekitHost,
  mediaEncryption,
  optionalTrunkId,
  phoneNumber,
  sipAddress,
  sipHeaders,
  transport,
} from "@trunkline/providers";
import { z } from "zod";
import { secretOrGenerated } from "./secrets.ts";
import { agentProblems, agentSchema } from "./settings-agent.ts";
import { callProblems, callSettings } from "./settings-calls.ts";
import { herokuProblems, herokuSchema, serviceSecretsSchema } from "./settings-heroku.ts";
import { jambonzProblems, jambonzSchema } from "./settings-jambonz.ts";
import { livekitSettings } from "./settings-livekit.ts";
import { doubledNumbers, internationalNumbers } from "./settings-numbers.ts";
import { describeProblems } from "./settings-problems.ts";
import { report } from "./settings-report.ts";
import { speechSettings } from "./settings-speech.ts";
import { transportProblems } from "./settings-transport.ts";

/** The stack that runs on one machine. Only there may values come from a file. */
const LOCAL_STACK = "local";
/** The stack files name their settings `trunkline:…`; in a renamed project they are read all the same. */
const FIRST_PROJECT = "trunkline";
/** Path of a JSON file with settings made for one run of the local stack: ports, seeded ids, secrets. */
const LOCAL_FILE_VARIABLE = "TRUNKLINE_LOCAL_SETTINGS";
const SECRETS = [
  "sipPassword",
  "jambonzWebhookSecret",
  "jambonzCallKey",
  "phoneCarrierPassword",
  "phoneCarrierPasswords",
  "callsToken",
  "herokuDrain",
  "serviceSecrets",
] as const;
const SHORTEST_SECRET = 12;
const NUMBERS = new Set(["callLimitSeconds", "maxConcurrentCalls", "standbyRooms"]);

const password = z.string().min(1, "is empty").max(64, "is over 64 characters");
const secret = z
  .string({ error: "is not set" })
  .min(SHORTEST_SECRET, `is shorter than ${SHORTEST_SECRET} characters`)
  .regex(/^[^,\s]+$/, "has a comma or white space in it");

/** All stack configuration there is; `Pulumi.dev.yaml` explains each with an example. */
const schema = z.strictObject({
  livekitUrl: livekitHost,
  sbcAddress: sipAddress,
  sipTransport: transport.default("auto"),
  mediaEncryption: mediaEncryption.default("disable"),
  ...livekitSettings,
  /** How numbers without a country code are read; default: the country of the presented numbers. ISO 3166-1 alpha-2. */
  country: z.string().refine(isCountry, "is not a country code such as DE (ISO 3166-1)").optional(),
  presentedNumbers: z.array(phoneNumber).min(1, "needs at least one number"),
  trunkHeaders: sipHeaders.default({}),
  carrierHeaders: z.array(z.string().refine(isFreeHeader, "is no SIP header name")).default([]),
  sipUsername: z.string({ error: "is not set" }).min(1, "is empty"),
  /** Generated when it is not given. */
  sipPassword: secret.optional(),
  /** Made by Jambonz, for the account. Needed without `jambonz`, which reads it; with it a second one that is accepted, too. */
  jambonzWebhookSecret: secret.optional(),
  /**
   * A key of the Jambonz account for the middleware: with it callers are moved on by live call control when their agent is out of reach.
   * It reads passwords and places calls, too: docs/SECURITY_MODEL.md.
   */
  jambonzCallKey: secret.optional(),
  jambonz: jambonzSchema.optional(),
  phoneCarrierPassword: password.optional(),
  /** By the short name of a carrier in jambonz.phoneCarriers, or `phone` for the first: `{"second": {"outbound": "…", "inbound": "…"}}`. */
  phoneCarrierPasswords: z
    .record(z.string(), z.strictObject({ outbound: password.optional(), inbound: password.optional() }))
    .optional(),
  /** Opens the list of calls. Generated when it is not given. */
  callsToken: secret.optional(),
  /** Another text makes up new generated secrets. */
  secretsRotation: z.string().min(1).max(50).default("1"),
  agent: agentSchema.prefault({}),
  heroku: herokuSchema.optional(),
  /** Where Heroku sends both apps' logs: syslog+tls://… or https://…. A secret: such addresses have keys in them. */
  herokuDrain: z
    .string()
    .regex(/^(syslog(\+tls)?|https):\/\/\S+$/, "is no address of a log drain")
    .optional(),
  serviceSecrets: serviceSecretsSchema.prefault({ middleware: {}, agent: {} }),
  announcement: z.string().max(500, "is over 500 characters").default("You are talking to an automated assistant."),
  ...callSettings,
  ...speechSettings,
  callLimitSeconds: z.number().int().min(10).max(86_400).default(3_600),
  adoptOutboundTrunk: optionalTrunkId,
});

/** The name of each. */
export const SETTINGS: readonly string[] = Object.keys(schema.shape);

type Plain = z.output<typeof schema>;
type SecretName = (typeof SECRETS)[number];

/** The stack's settings, complete and checked. Whatever is secret is a secret Output. */
export type Settings = Omit<Plain, SecretName> &
  Record<"sipPassword" | "livekitApiKey" | "livekitApiSecret", pulumi.Output<string>> & {
    stack: string;
    /** The paths of what the stack file says, `heroku.agent.size`: all else is a default. */
    said: ReadonlySet<string>;
    jambonzWebhookSecret: pulumi.Output<string> | undefined;
    jambonzCallKey: pulumi.Output<string> | undefined;
    phoneCarrierPassword: pulumi.Output<string> | undefined;
    phoneCarrierPasswords: CarrierPasswords | undefined;
    /** There when one was given, and on every stack that deploys. */
    callsToken: pulumi.Output<string> | undefined;
    herokuDrain: pulumi.Output<string> | undefined;
    /** Further secret config vars of each service. */
    serviceSecrets: pulumi.Output<Plain["serviceSecrets"]>;
  };

/** What settings are read from, so that reading them can be tried without an engine. */
export interface Sources {
  stack: string;
  /** The stack's configuration: JSON where it is structured, else text. */
  config: Readonly<Record<string, string>>;
  /** Names of values that are encrypted in the stack file. */
  encrypted: ReadonlySet<string>;
  environment: NodeJS.ProcessEnv;
}

/** Settings as plain values, or everything that is wrong with them. */
export type Reading =
  | { settings: Plain; said: ReadonlySet<string>; apiKey: string; apiSecret: string }
  | { problems: string[] };

/** Reads the running stack's settings. All problems are told at once, without a stack trace. */
export function readSettings(): Settings {
  const stack = pulumi.getStack();
  const reading = parseSettings(pulumiSources(stack));
  if ("problems" in reading) throw new pulumi.RunError(report(stack, reading.problems, SECRETS));
  const { settings, said, apiKey, apiSecret } = reading;
  const { callsToken, herokuDrain, secretsRotation } = settings;
  const hasToken = callsToken !== undefined || settings.heroku !== undefined;
  return {
    ...settings,
    stack,
    said,
    sipPassword: secretOrGenerated("sip-password", settings.sipPassword, secretsRotation),
    jambonzWebhookSecret: asSecret(settings.jambonzWebhookSecret),
    jambonzCallKey: asSecret(settings.jambonzCallKey),
    phoneCarrierPassword: asSecret(settings.phoneCarrierPassword),
    phoneCarrierPasswords: carrierPasswords(settings.phoneCarrierPasswords),
    livekitApiKey: pulumi.secret(apiKey),
    livekitApiSecret: pulumi.secret(apiSecret),
    callsToken: hasToken ? secretOrGenerated("calls-token", callsToken, secretsRotation) : undefined,
    herokuDrain: asSecret(herokuDrain),
    serviceSecrets: pulumi.secret(settings.serviceSecrets),
  };
}

type CarrierPasswords = Record<string, { outbound?: pulumi.Output<string>; inbound?: pulumi.Output<string> }>;

function carrierPasswords(
  given: Readonly<Record<string, { outbound?: string | undefined; inbound?: string | undefined }>> | undefined,
): CarrierPasswords | undefined {
  if (given === undefined) return undefined;
  const secrets = Object.entries(given).map(([key, { outbound, inbound }]) => [
    key,
    { ...(outbound && { outbound: pulumi.secret(outbound) }), ...(inbound && { inbound: pulumi.secret(inbound) }) },
  ]);
  return Object.fromEntries(secrets) as CarrierPasswords;
}

function asSecret(value: string | undefined): pulumi.Output<string> | undefined {
  return value === undefined ? undefined : pulumi.secret(value);
}

export function parseSettings(sources: Sources): Reading {
  const local = localValues(sources);
  const values = withLocal(configValues(sources.config), local.values);
  const tooMuch = tooMuchIn(values, sources.environment);
  if (tooMuch.length > 0) return { problems: tooMuch };
  const result = schema.safeParse(internationalNumbers(values));
  const { LIVEKIT_API_KEY: apiKey = "", LIVEKIT_API_SECRET: apiSecret = "" } = sources.environment;
  const problems = [
    ...local.problems,
    ...(result.success ? [] : describeProblems(result.error.issues, values, schema)),
    ...SECRETS.filter((name) => name in sources.config && !sources.encrypted.has(name)).map(
      (name) => `${name}: is in the stack file in plain text. Set it with: pulumi config set --secret ${name}`,
    ),
    ...(result.success ? deploymentProblems(sources, result.data) : []),
    ...("jambonz" in values || "jambonzWebhookSecret" in values ? [] : ["jambonzWebhookSecret: is not set"]),
    ...("jambonzCallKey" in values && !("jambonz" in values)
      ? ["jambonzCallKey: is a key of what `jambonz` declares, which is not set"]
      : []),
    ...doubledNumbers(values),
    ...(result.success ? agentProblems(sources.stack, result.data) : []),
    ...(result.success ? transportProblems(result.data) : []),
    ...(result.success ? callProblems(result.data) : []),
    ...(result.success ? jambonzProblems(result.data, sources.environment.JAMBONZ_API_KEY) : []),
    ...(apiKey === "" ? ["LIVEKIT_API_KEY: is not set in the environment"] : []),
    ...(apiSecret === "" ? ["LIVEKIT_API_SECRET: is not set in the environment"] : []),
  ];
  if (!result.success || problems.length > 0) return { problems };
  return { settings: result.data, said: new Set(pathsIn(values)), apiKey, apiSecret };
}

/** `media` and `media.codecs` of `{ media: { codecs: [] } }`. */
function pathsIn(values: object, within = ""): string[] {
  return Object.entries(values).flatMap(([name, value]) => {
    const path = within + name;
    const isGroup = typeof value === "object" && value !== null && !Array.isArray(value);
    return value === undefined ? [] : [path, ...(isGroup ? pathsIn(value, `${path}.`) : [])];
  });
}

/** Before anything else looks at it. */
function tooMuchIn(values: Record<string, unknown>, environment: NodeJS.ProcessEnv): string[] {
  const keys = ["LIVEKIT_API_KEY", "LIVEKIT_API_SECRET", "JAMBONZ_API_KEY", "HEROKU_API_KEY", "HEROKU_API_URL"];
  const read = Object.fromEntries(keys.map((name) => [name, environment[name]]));
  const found = [...excessOf(values, LIMITS.setting), ...excessOf(read, LIMITS.setting)];
  return found.map(({ path, problem }) => `${path || "settings"}: ${problem}`);
}

function deploymentProblems({ stack, environment }: Sources, settings: Plain): string[] {
  const { heroku, livekitUrl } = settings;
  if (heroku === undefined) return [];
  const missing = environment.HEROKU_API_KEY ? [] : ["HEROKU_API_KEY: is not set in the environment"];
  return [...herokuProblems(stack, heroku, livekitUrl, environment.HEROKU_API_URL), ...missing];
}

function pulumiSources(stack: string): Sources {
  const all = Object.entries(pulumi.runtime.allConfig());
  // What the project's own name says comes last, so that it wins.
  const settings = [FIRST_PROJECT, pulumi.getProject()].flatMap((project) =>
    all.filter(([key]) => key.startsWith(`${project}:`)).map(([key, value]) => ({ name: nameOf(key), key, value })),
  );
  return {
    stack,
    config: Object.fromEntries(settings.map(({ name, value }) => [name, value])),
    encrypted: new Set(settings.filter(({ key }) => isEncrypted(key)).map(({ name }) => name)),
    environment: process.env,
  };
}

function nameOf(key: string): string {
  return key.slice(key.indexOf(":") + 1);
}

/** In the SDK's runtime, but not in its types. `Config.getSecret` gives Outputs only, which cannot be checked before anything is declared. */
function isEncrypted(key: string): boolean {
  return (pulumi.runtime as unknown as { isConfigSecret(key: string): boolean }).isConfigSecret(key);
}

/** Pulumi hands structured values over as JSON, and numbers as text. */
function configValues(config: Readonly<Record<string, string>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(config).map(([name, text]) => [name, configValue(name, text)]));
}

function configValue(name: string, text: string): unknown {
  if (!NUMBERS.has(name) && !/^\s*[[{]/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The values of one run go before those of the stack file; in the settings of Jambonz one by one: what to adopt stands in the file. */
function withLocal(config: Record<string, unknown>, local: Record<string, unknown>): Record<string, unknown> {
  const [declared, own] = [config.jambonz, local.jambonz].map((value) => value as object | undefined);
  return { ...config, ...local, ...(own && { jambonz: { ...declared, ...own } }) };
}

function localValues({ stack, environment }: Sources): { values: Record<string, unknown>; problems: string[] } {
  const path = environment[LOCAL_FILE_VARIABLE];
  if (!path) return { values: {}, problems: [] };
  if (stack !== LOCAL_STACK)
    return { values: {}, problems: [`${LOCAL_FILE_VARIABLE}: is for the stack "${LOCAL_STACK}" only; unset it`] };
  try {
    return { values: z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(path, "utf8"))), problems: [] };
  } catch {
    return { values: {}, problems: [`${LOCAL_FILE_VARIABLE}: "${path}" is no readable JSON file`] };
  }
}
