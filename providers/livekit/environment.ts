import { TrunklineError } from "../dynamic/errors.ts";

/** What the environment says about LiveKit. Keys come from nowhere else. */
export interface LiveKitCredentials {
  apiKey: string;
  apiSecret: string;
  /** Used where these are refused: the keys of the project that the stack leaves, or has left. */
  previous?: LiveKitCredentials | undefined;
}

/**
 * The keys for a host, from LIVEKIT_API_KEY and LIVEKIT_API_SECRET. While a stack moves, another host is the project that it leaves: its keys
 * are LIVEKIT_PREVIOUS_API_KEY and LIVEKIT_PREVIOUS_API_SECRET.
 * @throws ENVIRONMENT_MISMATCH when LIVEKIT_URL is set and names another host; MISSING_CREDENTIALS when a key is not set.
 */
export function credentialsFor(host: string, environment: NodeJS.ProcessEnv = process.env): LiveKitCredentials {
  const previous = previousCredentials(environment);
  if (previous !== undefined && !isSameHost(host, environment)) return previous;
  requireSameHost(host, environment);
  const { LIVEKIT_API_KEY: apiKey, LIVEKIT_API_SECRET: apiSecret, LIVEKIT_URL: url } = environment;
  if (!apiKey || !apiSecret) throw missing(host, apiKey, apiSecret);
  return { apiKey, apiSecret, ...(previous && !url && { previous }) };
}

/** The keys of the project that the stack leaves; undefined unless both are set. */
export function previousCredentials(environment: NodeJS.ProcessEnv = process.env): LiveKitCredentials | undefined {
  const { LIVEKIT_PREVIOUS_API_KEY: apiKey, LIVEKIT_PREVIOUS_API_SECRET: apiSecret } = environment;
  return apiKey && apiSecret ? { apiKey, apiSecret } : undefined;
}

/** A stack is bound to its LiveKit project: with another project's variables everything would look deleted. */
export function requireSameHost(host: string, environment: NodeJS.ProcessEnv = process.env): void {
  if (isSameHost(host, environment)) return;
  throw new TrunklineError(
    "ENVIRONMENT_MISMATCH",
    `This stack is bound to the LiveKit project at ${hostKey(host)}, but LIVEKIT_URL names ${hostKey(environment.LIVEKIT_URL ?? "")}. Nothing was changed. Set the variables of the right project, or unset LIVEKIT_URL.`,
  );
}

function isSameHost(host: string, { LIVEKIT_URL: url }: NodeJS.ProcessEnv): boolean {
  return !url || hostKey(url) === hostKey(host);
}

/** `host:port` with the scheme's default port, so that ws and http spellings of one host are equal. */
export function hostKey(url: string): string {
  if (!URL.canParse(url)) return "(no URL)";
  const { protocol, hostname, port } = new URL(url);
  const secure = protocol === "wss:" || protocol === "https:";
  return `${hostname}:${port || (secure ? "443" : "80")}`;
}

function missing(host: string, apiKey: string | undefined, apiSecret: string | undefined): TrunklineError {
  const names = [apiKey ? [] : ["LIVEKIT_API_KEY"], apiSecret ? [] : ["LIVEKIT_API_SECRET"]].flat().join(" and ");
  return new TrunklineError(
    "MISSING_CREDENTIALS",
    `${names} not set. Keys of the LiveKit project at ${hostKey(host)} are read from the environment only.`,
  );
}
