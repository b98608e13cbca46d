import { isIPv4 } from "node:net";
import { calledNumber, jambonzHost, optionalSid, phoneNumber, sipAddress, sipDomain } from "@trunkline/providers";
import { z } from "zod";

/** A carrier has no more addresses than a tenth of a percent of the internet; Jambonz would take every call from there for the carrier's. */
const WIDEST_NETWORK = 8;

/** `192.0.2.0/24`, `192.0.2.7`: a network of IPv4 addresses, by its first one. */
const network = z.string().superRefine((text, context) => {
  const [address = "", bits = "32", ...more] = text.split("/");
  const length = /^\d{1,2}$/.test(bits) ? Number(bits) : Number.NaN;
  if (!isIPv4(address) || more.length > 0 || !(length >= 0 && length <= 32))
    context.addIssue(`"${text}" is not a valid IPv4 address or network, such as 192.0.2.7 or 192.0.2.0/24`);
  else if (length < WIDEST_NETWORK)
    context.addIssue(`"${text}" is a large part of the internet: list the carrier's networks`);
  else if (firstOf(address, length) !== address)
    context.addIssue(`"${text}" is not a network: write ${firstOf(address, length)}/${length}, or the address alone`);
});

/** The first address of the network that this one is in. */
function firstOf(address: string, length: number): string {
  const octets = address.split(".").map(Number);
  return octets.map((octet, index) => octet & (0xff << Math.min(8, Math.max(0, 8 * (index + 1) - length)))).join(".");
}

/** One network is not in the list twice: the second gateway would be a duplicate. */
const networks = z
  .array(network)
  .refine((list) => new Set(list.map((one) => one.replace(/\/32$/, ""))).size === list.length, {
    error: "lists a network twice",
  });

const origin = z.string().transform((text, context) => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (
    url &&
    /^https?:$/.test(url.protocol) &&
    /^\/?$/.test(url.pathname + url.search + url.hash) &&
    url.username === ""
  )
    return url.origin;
  context.addIssue("is no address such as https://middleware.example.com, without a path");
  return z.NEVER;
});

/** The carrier of phone calls. Its codecs and headers are declared on LiveKit's trunk and in the middleware: Jambonz has no columns for them. */
const phoneCarrier = z.strictObject({
  name: z.string().min(1).max(64).default("Schmidtkom"),
  /** `reg`: Jambonz registers there, calls come over the registration. `static_ip`: they are told by their address. */
  trunkType: z.enum(["reg", "static_ip"]).default("reg"),
  /** Where Jambonz sends registrations and calls: `host` or `host:port`. */
  address: sipAddress.optional(),
  protocol: z.enum(["udp", "tcp", "tls", "tls/srtp"]).default("udp"),
  /** Of the registration, and of calls to it. The password is the secret setting phoneCarrierPassword. */
  username: z.string().max(64).default(""),
  /** The registrar's domain, where it is not the address. */
  realm: sipDomain.default(""),
  fromUser: z.string().max(128).default(""),
  fromDomain: sipDomain.default(""),
  leadingPlus: z.boolean().default(true),
  /** Presented on transfers and fallback calls over this carrier. Default: the first of presentedNumbers. */
  callerId: phoneNumber.optional(),
  /** Where its calls come from. */
  inboundAddresses: networks.default([]),
});

/** Rows that exist and are taken over, by sid. They are given back on destroy as they were found. */
const adopt = z.strictObject({
  callsApplication: optionalSid.default(""),
  agentLegApplication: optionalSid.default(""),
  livekitCarrier: optionalSid.default(""),
  livekitGateway: optionalSid.default(""),
  phoneCarrier: optionalSid.default(""),
  /** Of the phone carrier, by `host:port` (outbound) or network (inbound). */
  phoneGateways: z.record(z.string(), optionalSid).default({}),
  /** By called number, as in calledNumbers. */
  phoneNumbers: z.record(z.string(), optionalSid).default({}),
});

/** `trunkline:jambonz`: the Jambonz account of this stack. Without it nothing is declared there. */
export const jambonzSchema = z.strictObject({
  /** The server of the REST API. Its key comes from JAMBONZ_API_KEY. */
  url: jambonzHost,
  /** Needed when the key sees several accounts. */
  accountSid: optionalSid.default(""),
  /** Where the middleware is. Default: the Heroku app's address. */
  middlewareUrl: origin.optional(),
  /** What answers calls: `/livekit-api`, or `/livekit-simple` until the switch. */
  webhookPath: z.enum(["/livekit-api", "/livekit-simple"]).default("/livekit-api"),
  /** The LiveKit project's SIP host, `host` or `host:port`. */
  livekitSipHost: sipAddress,
  /** Counts up when the credentials of LiveKit's legs change: both pairs work until the trunk has the new one. */
  credentialGeneration: z.number().int().min(1).max(999).default(1),
  phoneCarrier: phoneCarrier.prefault({}),
  /** Default: presentedNumbers. */
  calledNumbers: z.array(calledNumber).optional(),
  adopt: adopt.prefault({}),
});

export type JambonzSettings = z.output<typeof jambonzSchema>;

interface Read {
  jambonz?: JambonzSettings | undefined;
  phoneCarrierPassword?: string | undefined;
  heroku?: unknown;
}

/** What the schema cannot say. Each problem names its setting. */
export function jambonzProblems({ jambonz, phoneCarrierPassword, heroku }: Read, key: string | undefined): string[] {
  if (jambonz === undefined) return [];
  const { phoneCarrier: phone, middlewareUrl } = jambonz;
  const toRegister = {
    "jambonz.phoneCarrier.address": phone.address,
    "jambonz.phoneCarrier.username": phone.username,
    phoneCarrierPassword,
  };
  const missing = Object.entries(toRegister).filter(([, value]) => phone.trunkType === "reg" && !value);
  return [
    ...(key ? [] : ["JAMBONZ_API_KEY: is not set in the environment"]),
    ...(middlewareUrl === undefined && heroku === undefined ? ["jambonz.middlewareUrl: is not set"] : []),
    ...missing.map(([name]) => `${name}: is not set, and the phone carrier is one to register with`),
    ...(phone.trunkType === "static_ip" && phone.inboundAddresses.length === 0
      ? ["jambonz.phoneCarrier.inboundAddresses: are not set, and the phone carrier's calls are told by them"]
      : []),
  ];
}
