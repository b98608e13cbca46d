import { toJambonzHost } from "@trunkline/contract";
import { TrunklineError } from "../dynamic/errors.ts";

/**
 * The key for a host, from JAMBONZ_API_KEY. It comes from nowhere else.
 * @throws ENVIRONMENT_MISMATCH when JAMBONZ_API_URL is set and names another host; MISSING_CREDENTIALS when there is no key.
 */
export function jambonzKeyFor(host: string, environment: NodeJS.ProcessEnv = process.env): string {
  requireSameJambonz(host, environment);
  const { JAMBONZ_API_KEY: key } = environment;
  if (key) return key;
  throw new TrunklineError(
    "MISSING_CREDENTIALS",
    `JAMBONZ_API_KEY not set. A key of the Jambonz account at ${host} is read from the environment only.`,
  );
}

/** A stack is bound to its Jambonz server: with another server's variables everything would look deleted. */
export function requireSameJambonz(host: string, environment: NodeJS.ProcessEnv = process.env): void {
  const { JAMBONZ_API_URL: url } = environment;
  if (!url || toJambonzHost(url) === toJambonzHost(host)) return;
  throw new TrunklineError(
    "ENVIRONMENT_MISMATCH",
    `This stack is bound to the Jambonz API at ${host}, but JAMBONZ_API_URL names ${toJambonzHost(url) ?? "(no URL)"}. Nothing was changed. Set the variables of the right server, or unset JAMBONZ_API_URL.`,
  );
}
