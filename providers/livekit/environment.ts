import { TrunklineError } from "../dynamic/errors.ts";

/** What the environment says about LiveKit. Keys come from nowhere else. */
export interface LiveKitCredentials {
  apiKey: string;
  apiSecret: string;
}

/**
 * The keys for a host, from LIVEKIT_API_KEY and LIVEKIT_API_SECRET.
 * @throws ENVIRONMENT_MISMATCH when LIVEKIT_URL is set and names another host; MISSING_CREDENTIALS when a key is not set.
 */
export function credentialsFor(host: string, environment: NodeJS.ProcessEnv = process.env): LiveKitCredentials {
  requireSameHost(host, environment);
  const { LIVEKIT_API_KEY: apiKey, LIVEKIT_API_SECRET: apiSecret } = environment;
  if (!apiKey || !apiSecret) throw missing(host, apiKey, apiSecret);
  return { apiKey, apiSecret };
}

/** A stack is bound to its LiveKit project: with another project's variables everything would look deleted. */
export function requireSameHost(host: string, environment: NodeJS.ProcessEnv = process.env): void {
  const url = environment.LIVEKIT_URL;
  if (!url || hostKey(url) === hostKey(host)) return;
  throw new TrunklineError(
    "ENVIRONMENT_MISMATCH",
    `This stack is bound to the LiveKit project at ${hostKey(host)}, but LIVEKIT_URL names ${hostKey(url)}. Nothing was changed. Set the variables of the right project, or unset LIVEKIT_URL.`,
  );
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
