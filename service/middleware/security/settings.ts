import { z } from "zod";

const SHORTEST_TOKEN = 8;
const DEFAULT_REQUESTS_PER_SECOND = 300;
const DEFAULT_CONNECTIONS_PER_SOURCE = 1_000;
const MAX_HOPS = 10;

/** A comma separated list; blanks around entries and empty entries are dropped. */
export const list = z.string().transform((text) =>
  text
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== ""),
);

/** Who may see and ask how much, by variable name. */
export const exposureVariables = {
  /** Opens the list of calls, the live page and the metrics: as a bearer token, or as the password a browser asks for. */
  CALLS_TOKEN: z.string().min(SHORTEST_TOKEN).optional(),
  /** Requests without a signature that one source may send per second for long; ten times as many in a burst; 0 = no limit. */
  RATE_LIMIT_PER_SECOND: z.coerce.number().int().min(0).default(DEFAULT_REQUESTS_PER_SECOND),
  /** Connections that one address may have. Default: 1000, and no limit behind proxies, whose address all connections have. */
  CONNECTIONS_PER_SOURCE: z.coerce.number().int().min(0).optional(),
  /** How many proxies stand in front and may be believed where a request came from: Heroku's router is one. */
  TRUST_PROXY_HOPS: z.coerce.number().int().min(0).max(MAX_HOPS).optional(),
  /** Set by Heroku in every dyno. */
  DYNO: z.string().optional(),
};
type Exposure = z.infer<z.ZodObject<typeof exposureVariables>> & { TRUNKLINE_STACK?: string | undefined };

export function exposureSettings(environment: Exposure) {
  const proxyHops = environment.TRUST_PROXY_HOPS ?? (environment.DYNO === undefined ? 0 : 1);
  return {
    callsToken: environment.CALLS_TOKEN,
    /** Without a token: the stack `local` shows its calls, numbers masked, to whoever asks; every other shows nothing. */
    openWithoutToken: environment.TRUNKLINE_STACK === "local",
    requestsPerSecond: environment.RATE_LIMIT_PER_SECOND,
    proxyHops,
    connectionsPerSource: environment.CONNECTIONS_PER_SOURCE ?? (proxyHops > 0 ? 0 : DEFAULT_CONNECTIONS_PER_SOURCE),
  };
}

/** Problems that concern several variables at once. */
export function exposureProblems(environment: NodeJS.ProcessEnv): string[] {
  const { REDIS_URL, REDIS_TLS_VERIFY } = environment;
  if (!REDIS_TLS_VERIFY || REDIS_URL?.startsWith("rediss:")) return [];
  return ["REDIS_TLS_VERIFY: says something about a certificate, but REDIS_URL is no rediss:// URL"];
}
