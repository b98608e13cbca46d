import { toE164, toJambonzHost } from "@trunkline/contract";
import { z } from "zod";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const LONGEST_NAME = 64;
const LONGEST_URL = 1_024;

/** The server of the REST API: `https://host` or `https://host/path`; a `/v1` at the end is dropped. */
export const jambonzHost = z.string().transform((text, context) => {
  const host = toJambonzHost(text);
  if (host !== undefined) return host;
  context.addIssue(
    "is no address of a Jambonz API: write it as https://jambonz.example.com, without user and password.",
  );
  return z.NEVER;
});

/** A row's sid, in lower case. */
export const sid = z.string().regex(UUID, "is no sid of Jambonz (a UUID)").toLowerCase();
export const optionalSid = z.union([z.literal(""), sid]);

/** A name that is shown in the portal and in webhooks. */
export const rowName = z.string().min(1, "is empty").max(LONGEST_NAME, `is over ${LONGEST_NAME} characters`);

/** A text column of so many characters; longer ones are refused by the database with an error that names no limit. */
export const column = (longest: number) => z.string().max(longest, `is over ${longest} characters`).optional();

/** Where jambonz posts to, with its retries as a fragment (`#rc=3&rp=ct,5xx`). */
export const hookUrl = z
  .string()
  .max(LONGEST_URL, `is over ${LONGEST_URL} characters`)
  .refine(
    isHookUrl,
    "is no http, https, ws or wss URL, or has user and password in it: those have inputs of their own",
  );

function isHookUrl(text: string): boolean {
  if (!URL.canParse(text) || text !== text.trim()) return false;
  const { protocol, username, password } = new URL(text);
  return /^(https?|wss?):$/.test(protocol) && username === "" && password === "";
}

/** A domain or an IPv4 address, without `sip:`. */
export const sipDomain = z.union([
  z.literal(""),
  z
    .string()
    .max(64)
    .regex(/^(?!sips?:)(?=.+\..)\S+$/i, "is no domain or IPv4 address (without sip:)")
    .toLowerCase(),
]);

/**
 * A called number in any international spelling, as `+49…`; or what jambonz takes for many: digits that end in `*`, or a
 * regular expression. The API strips the plus; both spellings are one number here.
 */
export const calledNumber = z.string().transform((text, context) => {
  const number = toE164(text) ?? (isPattern(text) ? text : undefined);
  if (number !== undefined) return number;
  context.addIssue(`"${text}" is neither an international number such as +4930123456 nor a pattern such as 4930123*.`);
  return z.NEVER;
});

function isPattern(text: string): boolean {
  if (text.length === 0 || text.length > 132 || /\s/.test(text) || text.startsWith("+")) return false;
  if (/^\d+\*$/.test(text)) return true;
  try {
    return /[[\]^$\\|(){}]/.test(text) && Boolean(new RegExp(text));
  } catch {
    return false;
  }
}

/** What every resource of Jambonz has. */
export const commonFields = {
  host: jambonzHost,
  accountSid: optionalSid.default(""),
  adopt: optionalSid.default(""),
  onDestroy: z.enum(["restore", "delete"]).default("restore"),
  /** What an adoption changes, by input: `old → new`. Made by `check`, for the preview. */
  adopting: z.record(z.string(), z.string()).optional(),
} as const;
