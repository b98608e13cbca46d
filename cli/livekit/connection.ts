import { TrunklineError } from "../../providers/dynamic/errors.ts";
import { sipRequest } from "../../providers/livekit/api.ts";
import { LiveKitClient } from "../../providers/livekit/client.ts";
import { hostKey, type LiveKitCredentials } from "../../providers/livekit/environment.ts";
import { livekitHost } from "../../providers/livekit/fields.ts";
import { CliError } from "../errors.ts";
import type { SipProject } from "./project.ts";

const VARIABLES = ["LIVEKIT_URL", "LIVEKIT_API_KEY", "LIVEKIT_API_SECRET"] as const;

/** The LiveKit project that the environment names. */
export interface Connection {
  url: string;
  credentials: LiveKitCredentials;
}

/** @throws CliError MISSING_SETTING */
export function connectionFrom(environment: NodeJS.ProcessEnv): Connection {
  const missing = VARIABLES.filter((name) => !environment[name]);
  if (missing.length > 0) throw missingSetting(`${missing.join(", ")} not set`);
  const { LIVEKIT_URL, LIVEKIT_API_KEY: apiKey = "", LIVEKIT_API_SECRET: apiSecret = "" } = environment;
  const url = livekitHost.safeParse(LIVEKIT_URL);
  if (!url.success) throw missingSetting(`LIVEKIT_URL: ${url.error.issues.map(({ message }) => message).join(" ")}`);
  return { url: url.data, credentials: { apiKey, apiSecret } };
}

/**
 * Reads all trunks and rules: three list requests, nothing else.
 * @throws CliError API_UNREACHABLE, WRONG_KEY, API_REFUSED
 */
export async function readLiveProject({ url, credentials }: Connection): Promise<SipProject> {
  const client = new LiveKitClient(url, credentials);
  try {
    const [inboundTrunks, outboundTrunks, dispatchRules] = await Promise.all([
      client.inboundTrunks("fresh"),
      client.outboundTrunks("fresh"),
      client.dispatchRules("fresh"),
    ]);
    return { host: hostKey(url), inboundTrunks, outboundTrunks, dispatchRules };
  } catch (error) {
    throw inWords(error, url);
  }
}

/**
 * One request that changes something, sent once.
 * @returns the answer's JSON; undefined when the object does not exist.
 * @throws CliError API_UNREACHABLE, WRONG_KEY, API_REFUSED
 */
export async function change(
  { url, credentials }: Connection,
  method: string,
  body: unknown,
): Promise<Record<string, unknown> | undefined> {
  try {
    return await sipRequest(url, credentials, { method, body, idempotent: false });
  } catch (error) {
    throw inWords(error, url);
  }
}

/** The providers' errors speak of a stack; here there is none. */
function inWords(error: unknown, url: string): unknown {
  if (!(error instanceof TrunklineError)) return error;
  const host = hostKey(url);
  if (error.code === "ENVIRONMENT_MISMATCH")
    return new CliError(
      "WRONG_KEY",
      `The LiveKit project at ${host} does not accept LIVEKIT_API_KEY with LIVEKIT_API_SECRET`,
      "Set the key and the secret of that project. Nothing was changed.",
    );
  const message = error.message.replace(`${error.code}: `, "");
  if (error.code === "API_UNREACHABLE")
    return new CliError("API_UNREACHABLE", message, "Check LIVEKIT_URL, the network, and that the server runs.");
  return new CliError("API_REFUSED", message, "The project's answer says why. Nothing was changed by this request.");
}

function missingSetting(what: string): CliError {
  return new CliError(
    "MISSING_SETTING",
    what,
    "The live project is read with LIVEKIT_URL (wss://…), LIVEKIT_API_KEY and LIVEKIT_API_SECRET; an export with --file.",
  );
}
