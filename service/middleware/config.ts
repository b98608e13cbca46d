import {
  excessOf,
  isReadableOnItsWay,
  LIMITS,
  MAX_MEDIA_TIMEOUT_SECONDS,
  MEDIA_TIMEOUT_SECONDS,
  READABLE_ON_ITS_WAY,
} from "@trunkline/contract";
import { TIMERS } from "@trunkline/shared";
import { z } from "zod";
import { mediaTimeoutMs } from "./calls/media-timeout.ts";
import { ConfigError } from "./errors.ts";
import { eventProblems, eventSettings, eventVariables } from "./events/settings.ts";
import { callProblems, callSettings, callVariables } from "./flows/settings.ts";
import { liveCallProblems, liveCallSettings, liveCallVariables } from "./jambonz/live-call-settings.ts";
import { exposureProblems, exposureSettings, exposureVariables, list } from "./security/settings.ts";
import { DEFAULT_RETENTION } from "./store/retention.ts";

const MAX_CALL_SECONDS = 86_400;
/** More would wait for calls that a web process could not begin at once. */
const MOST_STANDBY_ROOMS = 20;
const MOST_ENDED_CALLS = 10_000_000;
const DEFAULT_PORT = 3_000;
const LOCAL_STACK = "local";

/** Keys, numbers and records of calls go there. */
function address(protocol: RegExp, error: string) {
  return z.url({ protocol, error, abort: true }).refine((url) => !isReadableOnItsWay(url), READABLE_ON_ITS_WAY);
}

const schema = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(DEFAULT_PORT),
  HOST: z.string().min(1).default("0.0.0.0"),
  LIVEKIT_URL: address(/^(wss?|https?)$/, "must be a wss:// or https:// URL"),
  LIVEKIT_API_KEY: z.string().min(1),
  LIVEKIT_API_SECRET: z.string().min(1),
  LIVEKIT_OUTBOUND_TRUNK_ID: z.string().regex(/^ST_/, "must be the id of a SIP trunk (ST_…)"),
  JAMBONZ_WEBHOOK_SECRETS: list.default([]),
  ...liveCallVariables,
  ...eventVariables,
  ...callVariables,
  ...exposureVariables,
  CARRIER_HEADERS: list.default(["X-Carrier"]),
  /** Rooms with an agent that are kept ready for calls to come. 0 = each call's agent is sent for when it comes. */
  STANDBY_ROOMS: z.coerce.number().int().min(0).max(MOST_STANDBY_ROOMS).default(0),
  CALL_LIMIT_SECONDS: z.coerce.number().int().min(10).max(MAX_CALL_SECONDS).default(TIMERS.callLimitSeconds),
  /** The media timeout of LiveKit's trunks, to tell which calls it has ended. 0 = LiveKit's own 15 s. */
  MEDIA_TIMEOUT_SECONDS: z.coerce.number().int().min(0).max(MAX_MEDIA_TIMEOUT_SECONDS).default(MEDIA_TIMEOUT_SECONDS),
  /** Ended calls that are kept, for a day at most; the oldest end goes first. 0.6 KB each in Redis. */
  ENDED_CALLS_KEPT: z.coerce.number().int().min(0).max(MOST_ENDED_CALLS).default(DEFAULT_RETENTION.mostEnded),
  TRUNKLINE_STACK: z.string().optional(),
  /** The stack's identity, which survives a new name: marks its rooms and its keys in Redis. Default: TRUNKLINE_STACK. */
  TRUNKLINE_STACK_ID: z.string().max(255).optional(),
  /** Which build this is, as the deployment says. */
  BUILD_HASH: z.string().max(128).default("unknown"),
  /** Unset = calls are kept in memory: for one instance only. */
  REDIS_URL: address(/^rediss?$/, "must be a rediss:// URL").optional(),
  /** Whether the certificate of a rediss:// server is verified. Heroku's is self-signed: no there, else yes. */
  REDIS_TLS_VERIFY: z.stringbool().optional(),
  LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
});
type Environment = z.infer<typeof schema>;

/** Every environment variable that the middleware reads. */
export const MIDDLEWARE_VARIABLES: readonly string[] = Object.keys(schema.shape);

/** Everything the middleware is told from outside, checked once at start. Times in the unit their name ends with. */
export type Config = ReturnType<typeof named>;

/**
 * Reads the configuration.
 * @throws ConfigError with ALL problems, each naming its variable. Values are never repeated: they may be secrets.
 */
export function loadConfig(environment: NodeJS.ProcessEnv): Config {
  const read = Object.fromEntries(MIDDLEWARE_VARIABLES.map((name) => [name, environment[name]]));
  const tooMuch = excessOf(read, LIMITS.variable).map(({ path, problem }) => `${path}: ${problem}`);
  if (tooMuch.length > 0) throw new ConfigError(tooMuch);
  const parsed = schema.safeParse(withoutBlanks(environment));
  const problems = [
    ...(parsed.error?.issues.map(describe) ?? []),
    ...missingSecret(environment),
    ...exposureProblems(environment),
    ...liveCallProblems(environment),
    ...eventProblems(environment),
    ...(parsed.success ? callProblems(parsed.data, parsed.data.TRUNKLINE_STACK) : []),
  ];
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems);
  return named(parsed.data);
}

function named(environment: Environment) {
  return {
    port: environment.PORT,
    host: environment.HOST,
    livekit: {
      url: environment.LIVEKIT_URL,
      apiKey: environment.LIVEKIT_API_KEY,
      apiSecret: environment.LIVEKIT_API_SECRET,
      outboundTrunkId: environment.LIVEKIT_OUTBOUND_TRUNK_ID,
      stackId: environment.TRUNKLINE_STACK_ID ?? environment.TRUNKLINE_STACK ?? LOCAL_STACK,
    },
    webhookSecrets: environment.JAMBONZ_WEBHOOK_SECRETS,
    liveCalls: liveCallSettings(environment),
    callEvents: eventSettings(environment),
    callFlow: environment.CALL_FLOW,
    calls: callSettings(environment, {
      stack: environment.TRUNKLINE_STACK,
      callLimitSeconds: environment.CALL_LIMIT_SECONDS,
      keys: speechKeys(environment),
    }),
    carrierHeaders: environment.CARRIER_HEADERS,
    standbyRooms: environment.STANDBY_ROOMS,
    callLimitSeconds: environment.CALL_LIMIT_SECONDS,
    mediaTimeoutMs: mediaTimeoutMs(environment.MEDIA_TIMEOUT_SECONDS),
    endedCallsKept: environment.ENDED_CALLS_KEPT,
    build: environment.BUILD_HASH,
    stack: environment.TRUNKLINE_STACK ?? "default",
    redis: redisSettings(environment),
    ...exposureSettings(environment),
  };
}

/** Without a webhook secret, as the stack `local` may be, another one that all instances have. */
function speechKeys({ JAMBONZ_WEBHOOK_SECRETS: secrets, LIVEKIT_API_SECRET }: Environment): string[] {
  return secrets.length > 0 ? secrets : [LIVEKIT_API_SECRET];
}

function redisSettings({ REDIS_URL, REDIS_TLS_VERIFY, DYNO }: Environment) {
  if (REDIS_URL === undefined) return undefined;
  return { url: REDIS_URL, verifyCertificate: REDIS_TLS_VERIFY ?? DYNO === undefined };
}

/** Platforms hand over unset variables as empty texts; only an empty ANNOUNCEMENT says something. */
function withoutBlanks(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(environment).filter(([name, value]) => value !== "" || name === "ANNOUNCEMENT"),
  );
}

function describe(issue: z.core.$ZodIssue): string {
  const name = issue.path.join(".");
  const missing = issue.code === "invalid_type" && issue.message.includes("undefined");
  return missing ? `${name}: is not set` : `${name}: ${issue.message}`;
}

function missingSecret(environment: NodeJS.ProcessEnv): string[] {
  const some = list.parse(environment.JAMBONZ_WEBHOOK_SECRETS ?? "").length > 0;
  if (some || environment.TRUNKLINE_STACK === LOCAL_STACK) return [];
  return [
    "JAMBONZ_WEBHOOK_SECRETS: is not set: without it anybody could start calls; set the account's webhook secret (only the stack `local` may go without)",
  ];
}
