import { isIP } from "node:net";
import { toE164 } from "@trunkline/contract";
import { z } from "zod";

/** RFC 3261 section 25.1, `token`: what livekit allows as a header's name. At most 255 characters. */
const HEADER_NAME = /^[A-Za-z0-9\-.!%*_+`'~]{1,255}$/;
/** Printable on one line; livekit allows UTF-8. */
const HEADER_VALUE = /^[^\p{Cc}]{0,1024}$/u;
const HOST_NAME =
  /^(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?)*\.?$/;
const IPV6 = /^\[[0-9A-Fa-f:.]+\]$/;

/** Headers that livekit sets itself and refuses (livekit protocol, ForbiddenSipHeaderNames). */
const RESERVED_HEADERS = new Set(
  "accept accept-encoding accept-language allow allow-events call-id contact content-encoding content-length content-type cseq event expires from max-forwards record-route refer-to reply-to k l m o r t u v".split(
    " ",
  ),
);

/** A phone number in any international spelling, brought into the one form. */
export const phoneNumber = z.string().transform((text, context) => {
  const number = toE164(text);
  if (number !== undefined) return number;
  context.addIssue(`"${text}" is not a valid E.164 number: write it with its country code, such as +4930123456.`);
  return z.NEVER;
});

/** A LiveKit project: `wss://…`, `ws://…`, `https://…` or `http://…`, without path, query or credentials. One form: `ws` or `wss`, no slash at the end. */
export const livekitHost = z.string().transform((text, context) => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const plain =
    url !== undefined && url.username === "" && url.password === "" && /^\/?$/.test(url.pathname + url.search);
  if (plain && /^(wss?|https?):$/.test(url.protocol)) return `${url.protocol.replace("http", "ws")}//${url.host}`;
  context.addIssue(`"${hideCredentials(text)}" is no LiveKit URL: write it as wss://my-project.livekit.cloud.`);
  return z.NEVER;
});

/** `host` or `host:port` (1 to 65535): no `sip:`, no user, no parameters. IPv6 in brackets. */
export const sipAddress = z.string().transform((text, context) => {
  if (isSipAddress(text)) return text.toLowerCase();
  context.addIssue(
    `"${text}" is no SIP address: write host or host:port (port 1 to 65535), without sip: and parameters.`,
  );
  return z.NEVER;
});

/** `X-…` headers sent as they are: names by RFC 3261, none that SIP needs itself; values at most 1024 characters. */
export const sipHeaders = z.record(z.string(), z.string()).superRefine((headers, context) => {
  for (const [name, value] of Object.entries(headers)) {
    if (!isFreeHeader(name)) context.addIssue(`"${name}" cannot be set as a SIP header.`);
    if (!HEADER_VALUE.test(value))
      context.addIssue(`The value of ${name} is over 1024 characters or has a control character.`);
  }
});

/** Header name → attribute name. */
export const headersToAttributes = z.record(z.string().regex(HEADER_NAME, "is no SIP header name"), z.string().min(1));
/** Attribute name → header name. */
export const attributesToHeaders = z.record(z.string().min(1), z.string().regex(HEADER_NAME, "is no SIP header name"));

/** Our words by LiveKit's numbers (livekit_sip.proto, SIPHeaderOptions). */
export const HEADER_OPTIONS = ["none", "x", "all"] as const;
export const includeHeaders = z.enum(HEADER_OPTIONS);

export const trunkId = z.string().regex(/^ST_\w+$/, "is no id of a trunk (ST_…)");
export const ruleId = z.string().regex(/^SDR_\w+$/, "is no id of a dispatch rule (SDR_…)");

/** An object to take over: its id, and behind `@` the id of the stack whose mark it carries. */
export const adoptedTrunk = z.string().regex(/^ST_\w+(@[\w./-]{1,255})?$/, "is no id of a trunk (ST_…)");
export const adoptedRule = z.string().regex(/^SDR_\w+(@[\w./-]{1,255})?$/, "is no id of a dispatch rule (SDR_…)");
export const optionalTrunkId = z
  .union([z.literal(""), adoptedTrunk], { error: "is no id of a trunk (ST_…)" })
  .default("");
export const optionalRuleId = z
  .union([z.literal(""), adoptedRule], { error: "is no id of a dispatch rule (SDR_…)" })
  .default("");

/** Ids of objects that the same stack removes as legacy. */
export const legacyIds = z.array(z.union([trunkId, ruleId], { error: "is no id of a trunk or rule" })).default([]);

/** What happens to an adopted object on destroy. */
export const onDestroy = z.enum(["restore", "delete"]).default("restore");
/** What an adoption changes, by input: `old → new`. Made by `check`, for the preview. */
export const adopting = z.record(z.string(), z.string()).optional();
/** The host a stack was bound to before. Without it a change of host is refused. */
export const movedFrom = z.union([z.literal(""), livekitHost]).default("");

/** An IP address, a network (`192.0.2.0/24`), or the host name of the From header. LiveKit ignores every other mask, which leaves the trunk open. */
export const addressMask = z.string().transform((text, context) => {
  const problem = maskProblem(text);
  if (problem === undefined) return text.toLowerCase();
  context.addIssue(`"${text}" ${problem}`);
  return z.NEVER;
});

/** ISO 3166-1 alpha-2, or empty. */
export const country = z
  .string()
  .regex(/^([A-Z]{2})?$/, "is no country code of two capital letters (ISO 3166-1), such as DE");

/** Whether this header name may be set by us. */
export function isFreeHeader(name: string): boolean {
  return HEADER_NAME.test(name) && !RESERVED_HEADERS.has(name.toLowerCase());
}

function isSipAddress(text: string): boolean {
  const [, host = "", port] = /^(\[[^\]]*\]|[^:]*)(?::(\d{1,5}))?$/.exec(text) ?? [];
  const portFits = port === undefined || (Number(port) >= 1 && Number(port) <= 65_535);
  return portFits && (HOST_NAME.test(host) || IPV6.test(host));
}

function maskProblem(text: string): string | undefined {
  const [address = "", prefix, ...rest] = text.split("/");
  const version = isIP(address);
  if (/^::ffff:/i.test(address))
    return "is an IPv4 address written as IPv6: LiveKit never matches it. Write the IPv4 address.";
  if (version === 0 && prefix === undefined && HOST_NAME.test(text)) return undefined;
  const prefixFits = prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128));
  if (version !== 0 && prefixFits && rest.length === 0) return undefined;
  return "is no IP address, network (192.0.2.0/24) or host name.";
}

/** `wss://key:secret@host` is a likely mistake: do not repeat the secret. */
function hideCredentials(text: string): string {
  return text.replace(/\/\/[^/]*@/, "//[hidden]@");
}
