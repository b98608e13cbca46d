import { isIP } from "node:net";
import { toE164 } from "@trunkline/contract";
import { userPath } from "../caller-folder.ts";
import { parseOptions, usage } from "../options.ts";

/** One call as a carrier would send it. */
export interface CallQuestion {
  /** User part of From. */
  from: string;
  /** User part of the request URI. */
  to: string;
  /** Where the INVITE comes from. Not given: unknown, which LiveKit would let match every address. */
  sourceIp: string | undefined;
  /** Host part of From. Not given: the source address. */
  fromHost: string | undefined;
  /** Digest user of the carrier, and whether it knows the trunk's password. */
  auth: { username: string; knowsPassword: boolean } | undefined;
  /** What the caller would enter when asked. */
  pin: string | undefined;
}

export interface ExplainOptions {
  /** Undefined with `--export`. */
  call: CallQuestion | undefined;
  /** Read this instead of the live project. */
  file: string | undefined;
  json: boolean;
}

export const EXPLAIN_HELP = `Usage: npx trunkline explain --from NUMBER --to NUMBER [options]
  --from NUMBER          caller number as the carrier sends it (user part of From), such as +4930123456; "": a caller without one
  --to NUMBER            called number as the carrier sends it (user part of the request URI)
  --source-ip IP         where the INVITE comes from
  --from-host HOST       host part of From (default: the source address)
  --auth USER[:known]    the carrier's digest user; ":known": it knows the password, too
  --pin DIGITS           what the caller enters when asked for a PIN
  --file FILE            a JSON export instead of the live project
  --export               write the live project as JSON (passwords hidden), explain nothing
  --json                 JSON instead of a table
The live project: LIVEKIT_URL, LIVEKIT_API_KEY, LIVEKIT_API_SECRET. Nothing is changed.
Exit code: 0 the call reaches a room, 2 it does not, 1 could not look.`;

/** RFC 3261 section 25.1, `user`, without escapes and passwords. */
const SIP_USER = /^[A-Za-z0-9\-_.!~*'()&=+$,;?/]{1,255}$/;
const HOST = /^[A-Za-z0-9.:[\]_-]{1,255}$/;

/** @throws CliError USAGE that names the option and the value. */
export function parseExplainOptions(args: string[]): ExplainOptions {
  const { values } = parseOptions(args, OPTIONS, EXPLAIN_HELP);
  const common = { file: values.file && userPath(values.file), json: values.json ?? false };
  if (values.export) return { ...common, call: undefined };
  return {
    ...common,
    call: {
      from: sipUser("--from", values.from),
      to: sipUser("--to", values.to),
      sourceIp: optional(values["source-ip"], ipAddress),
      fromHost: optional(values["from-host"], host),
      auth: optional(values.auth, credentials),
      pin: optional(values.pin, digits),
    },
  };
}

const OPTIONS = {
  from: { type: "string" },
  to: { type: "string" },
  "source-ip": { type: "string" },
  "from-host": { type: "string" },
  auth: { type: "string" },
  pin: { type: "string" },
  file: { type: "string" },
  export: { type: "boolean" },
  json: { type: "boolean" },
} as const;

/** LiveKit compares exactly, so nothing is corrected here: a number that no carrier sends is refused, with the right form. */
function sipUser(name: string, text: string | undefined): string {
  if (text === undefined) throw usage(`${name} is missing`, EXPLAIN_HELP);
  if (text === "" && name === "--from") return text;
  const isNumber = /^\+/.test(text);
  if (isNumber ? toE164(text) === text : SIP_USER.test(text)) return text;
  const number = toE164(text);
  const advice = number === undefined ? "give the user part alone, such as +4930123456" : `do you mean ${number}?`;
  throw usage(
    `${name} is "${text}", which is no ${isNumber ? "international number" : "SIP user"}: ${advice}`,
    EXPLAIN_HELP,
  );
}

function ipAddress(text: string): string {
  if (isIP(text) > 0) return text;
  throw usage(`--source-ip is "${text}", which is no IP address`, EXPLAIN_HELP);
}

function host(text: string): string {
  if (HOST.test(text)) return text;
  throw usage(`--from-host is "${text}", which is no host`, EXPLAIN_HELP);
}

/** The password itself is never asked for: whether it is known decides the answer. */
function credentials(text: string): { username: string; knowsPassword: boolean } {
  const [username = "", known, ...more] = text.split(":");
  if (username !== "" && more.length === 0 && (known === undefined || known === "known"))
    return { username, knowsPassword: known === "known" };
  throw usage('--auth is neither USER nor USER:known (write the word "known", never the password)', EXPLAIN_HELP);
}

function digits(text: string): string {
  if (/^\d{1,32}$/.test(text)) return text;
  throw usage(`--pin is "${text}", which is not digits alone`, EXPLAIN_HELP);
}

function optional<Value>(text: string | undefined, read: (text: string) => Value): Value | undefined {
  return text === undefined ? undefined : read(text);
}
