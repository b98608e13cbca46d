import { z } from "zod";

const SHORTEST_TOKEN = 8;
const DEFAULT_REQUESTS_PER_SECOND = 300;
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
  /** Requests per second that one source may send for long; ten times as many in a burst; 0 = no limit. */
  RATE_LIMIT_PER_SECOND: z.coerce.number().int().min(0).default(DEFAULT_REQUESTS_PER_SECOND),
  /** How many proxies stand in front and may be believed where a request came from: Heroku's router is one. */
  TRUST_PROXY_HOPS: z.coerce.number().int().min(0).max(MAX_HOPS).optional(),
  /** Set by Heroku in every dyno. */
  DYNO: z.string().optional(),
};
type Exposure = z.infer<z.ZodObject<typeof exposureVariables>> & { TRUNKLINE_STACK?: string | undefined };

export function exposureSettings(environment: Exposure) {
  return {
    callsToken: environment.CALLS_TOKEN,
    /** Without a token: the stack `local` shows its calls, numbers masked, to whoever asks; every other shows nothing. */
    openWithoutToken: environment.TRUNKLINE_STACK === "local",
    requestsPerSecond: environment.RATE_LIMIT_PER_SECOND,
    proxyHops: environment.TRUST_PROXY_HOPS ?? (environment.DYNO === undefined ? 0 : 1),
  };
}

/** Problems that concern several variables at once. */
export function exposureProblems(environment: NodeJS.ProcessEnv): string[] {
  const { REDIS_URL, REDIS_TLS_VERIFY } = environment;
  if (!REDIS_TLS_VERIFY || REDIS_URL?.startsWith("rediss:")) return [];
  return ["REDIS_TLS_VERIFY: says something about a certificate, but REDIS_URL is no rediss:// URL"];
}
