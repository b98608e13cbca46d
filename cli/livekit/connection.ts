import { isReadableOnItsWay } from "../../contract/index.ts";
import { TrunklineError } from "../../providers/dynamic/errors.ts";
import { sipRequest } from "../../providers/livekit/api.ts";
import { hostKey, type LiveKitCredentials } from "../../providers/livekit/environment.ts";
import { livekitHost } from "../../providers/livekit/fields.ts";
import { quoted } from "../../providers/text/foreign.ts";
import { CliError } from "../errors.ts";
import { itemsOf, strayParts } from "./forms/items.ts";
import { goesOn } from "./forms/pages.ts";
import { projectOf } from "./forms/project-of.ts";
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
  requirePrivate("LIVEKIT_URL", url.data);
  return { url: url.data, credentials: { apiKey, apiSecret } };
}

const LISTS = [
  { method: "ListSIPInboundTrunk", kind: "inbound trunk", list: "inboundTrunks" },
  { method: "ListSIPOutboundTrunk", kind: "outbound trunk", list: "outboundTrunks" },
  { method: "ListSIPDispatchRule", kind: "dispatch rule", list: "dispatchRules" },
] as const;
const ALL_GIVEN = { inboundTrunks: true, outboundTrunks: true, dispatchRules: true };

/**
 * Reads all trunks and rules, with what a newer LiveKit says of them that this version does not know: three list requests, nothing else.
 * @throws CliError API_UNREACHABLE, ANSWER_INVALID, WRONG_KEY, API_REFUSED
 */
export async function readLiveProject(connection: Connection): Promise<SipProject> {
  const { url } = connection;
  const lists = await all(LISTS.map((one) => read(connection, one)));
  try {
    const items = lists.flatMap(({ method, kind, answer }) => itemsOf(answer, `the answer to ${method}`, kind));
    const pages = lists.flatMap(({ method, list, field }) =>
      field === undefined ? [] : [{ list, place: `The answer to ${method}: ${field}` }],
    );
    const beside = lists.flatMap((one) => one.beside.map((key) => `The answer to ${one.method}: ${key}`));
    return { host: hostKey(url), ...projectOf(items, ALL_GIVEN), pages, beside };
  } catch (error) {
    if (error instanceof CliError) throw new CliError("API_REFUSED", `${hostKey(url)}: ${error.message}`, NOT_LIVEKIT);
    throw error;
  }
}

const NOT_LIVEKIT = "Check LIVEKIT_URL: what answers there does not speak LiveKit's SIP API as this version knows it.";

/** The first failure counts once the others have ended: none of them goes on behind the command's back. */
async function all<Value>(requests: Promise<Value>[]): Promise<Value[]> {
  await Promise.allSettled(requests);
  return Promise.all(requests);
}

async function read({ url, credentials }: Connection, { method, kind, list }: (typeof LISTS)[number]) {
  try {
    const answer = await sipRequest(url, credentials, { method, body: {}, idempotent: true });
    if (answer === undefined) throw new CliError("ANSWER_INVALID", `${hostKey(url)} has no ${method}`, NOT_LIVEKIT);
    return { method, kind, list, answer: answer.items, field: goesOn(answer), beside: strayParts(answer) };
  } catch (error) {
    throw inWords(error, url);
  }
}

/**
 * One request that changes something, sent once.
 * @returns the answer's JSON; undefined when the object does not exist.
 * @throws CliError API_UNREACHABLE, ANSWER_INVALID, WRONG_KEY, API_REFUSED
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
  if (error.code === "ANSWER_INVALID") return new CliError(error.code, message, "Nothing was concluded from it.");
  if (error.code === "API_UNREACHABLE")
    return new CliError("API_UNREACHABLE", message, "Check LIVEKIT_URL, the network, and that the server runs.");
  return new CliError("API_REFUSED", message, "The project's answer says why. Nothing was changed by this request.");
}

/**
 * A key is sent to this address: not where others can read it on its way.
 * @throws CliError MISSING_SETTING
 */
export function requirePrivate(name: string, url: string): void {
  if (!isReadableOnItsWay(url)) return;
  throw new CliError(
    "MISSING_SETTING",
    `${name} is ${quoted(url)}, which is not encrypted`,
    "Use wss:// or https://. Without TLS a key is sent to this machine only (127.0.0.1, localhost).",
  );
}

function missingSetting(what: string): CliError {
  return new CliError(
    "MISSING_SETTING",
    what,
    "The live project is read with LIVEKIT_URL (wss://…), LIVEKIT_API_KEY and LIVEKIT_API_SECRET; an export with --file.",
  );
}
