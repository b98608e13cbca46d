import { isIP } from "node:net";
import { toE164, userPart } from "@trunkline/contract";
import { quoted } from "../../providers/text/foreign.ts";
import { FILE_HELP, FILE_OPTIONS, type FileOptions, fileOptions } from "../livekit/files-option.ts";
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

export interface ExplainOptions extends FileOptions {
  /** Undefined with `--export`. */
  call: CallQuestion | undefined;
  /** Ask for the agents in an empty room. */
  probe?: boolean;
  json: boolean;
}

export const EXPLAIN_HELP = `Usage: npx --no-install trunkline explain --from NUMBER --to NUMBER [options]
  --from NUMBER          caller number as the carrier sends it (user part of From), such as +4930123456; "": a caller without one
  --to NUMBER            called number as the carrier sends it (user part of the request URI)
  --source-ip IP         where the INVITE comes from
  --from-host HOST       host part of From (default: the source address)
  --auth USER[:known]    the carrier's digest user; ":known": it knows the password, too
  --pin DIGITS           what the caller enters when asked for a PIN
${FILE_HELP}
  --probe                ask for the rule's agents in an empty room, which is removed again: the only way to know that one is registered now
  --export               write the live project as JSON (passwords hidden), explain nothing
  --json                 JSON instead of a table
The live project: LIVEKIT_URL, LIVEKIT_API_KEY, LIVEKIT_API_SECRET. Nothing is changed, except by --probe.
Exit code: 0 the call reaches a room, 2 it does not or only rings there, 1 check failed or cannot tell.`;

/** RFC 3261 section 25.1, `user`, without escapes and passwords. */
const SIP_USER = /^[A-Za-z0-9\-_.!~*'()&=+$,;?/]{1,255}$/;
const HOST = /^[A-Za-z0-9.:[\]_-]{1,255}$/;

/** @throws CliError USAGE that names the option and the value. */
export function parseExplainOptions(args: string[]): ExplainOptions {
  const { values } = parseOptions(args, OPTIONS, EXPLAIN_HELP);
  const common = { ...fileOptions(values), ...(values.probe && { probe: true }), json: values.json ?? false };
  if (values.probe && common.files) throw usage("--probe needs the live project: a file has no workers", EXPLAIN_HELP);
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
  ...FILE_OPTIONS,
  probe: { type: "boolean" },
  export: { type: "boolean" },
  json: { type: "boolean" },
} as const;

/** LiveKit compares exactly, so nothing is corrected here: a text that no carrier sends is refused, with the right form. */
function sipUser(name: string, text: string | undefined): string {
  if (text === undefined) throw usage(`${name} is missing`, EXPLAIN_HELP);
  if (text === "" && name === "--from") return text;
  const isNumber = /^\+/.test(text);
  if (isNumber ? toE164(text) === text : SIP_USER.test(text)) return text;
  throw usage(
    `${name} is ${quoted(text)}, which is not a valid ${isNumber ? "E.164 number" : "SIP user"}: ${advice(name, text)}`,
    EXPLAIN_HELP,
  );
}

/** The user part of what was typed, and the host of an address: what the options want apart. */
function advice(name: string, text: string): string {
  const whole = toE164(text);
  const user = userPart(text);
  const number = whole ?? toE164(user);
  if (number === undefined && (user === "" || user === text || !SIP_USER.test(user)))
    return "give the user part alone, such as +4930123456";
  const host = name === "--from" ? /@([^;>:]+)/.exec(text)?.[1] : undefined;
  if (whole !== undefined) return `do you mean ${number}?`;
  return `give the user part alone: ${name} ${number ?? user}${host === undefined ? "" : ` --from-host ${host}`}`;
}

function ipAddress(text: string): string {
  if (isIP(text) > 0) return text;
  throw usage(`--source-ip is ${quoted(text)}, which is not a valid IP address`, EXPLAIN_HELP);
}

function host(text: string): string {
  if (HOST.test(text)) return text;
  throw usage(`--from-host is ${quoted(text)}, which is not a valid host`, EXPLAIN_HELP);
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
  throw usage(`--pin is ${quoted(text)}, which is not digits alone`, EXPLAIN_HELP);
}

function optional<Value>(text: string | undefined, read: (text: string) => Value): Value | undefined {
  return text === undefined ? undefined : read(text);
}
