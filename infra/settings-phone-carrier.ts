import { isIPv4 } from "node:net";
import { calledNumber, optionalSid, phoneNumber, sipAddress, sipDomain } from "@trunkline/providers";
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

const text = (longest: number) => z.string().max(longest).optional();
const flag = z.boolean().optional();

/** Columns of a carrier's gateways that few need. */
const gatewayOptions = z.strictObject({
  sendOptionsPing: flag,
  useSipsScheme: flag,
  padCrypto: flag,
  removeIce: flag,
  dtlsOff: flag,
});

/**
 * A carrier of phone calls. Its codecs and headers are declared on LiveKit's trunk and in the middleware: Jambonz has no columns for them.
 * A new carrier gets the defaults; of an adopted one, what is not said is left as it was found.
 */
const columns = {
  name: z.string().min(1).max(64).optional(),
  /** `reg`: Jambonz registers there, calls come over the registration. `static_ip`: they are told by their address. */
  trunkType: z.enum(["reg", "static_ip"]).optional(),
  /** Where Jambonz sends registrations and calls: `host` or `host:port`. */
  address: sipAddress.optional(),
  protocol: z.enum(["udp", "tcp", "tls", "tls/srtp"]).optional(),
  /** Of the registration, and of calls to it. Passwords are secret settings: phoneCarrierPassword, phoneCarrierPasswords. */
  username: text(64),
  /** The registrar's domain, where it is not the address. */
  realm: sipDomain.optional(),
  fromUser: text(128),
  fromDomain: sipDomain.optional(),
  leadingPlus: flag,
  /** Presented on transfers and fallback calls over this carrier. Default: the first of presentedNumbers. */
  callerId: phoneNumber.optional(),
  /** Where its calls come from. */
  inboundAddresses: networks.optional(),
  description: text(255),
  /** What its calls to us authenticate with. */
  inboundUsername: text(64),
  outboundProxy: text(255),
  techPrefix: text(16),
  diversion: text(32),
  dtmfType: z.enum(["rfc2833", "tones", "info"]).optional(),
  publicIpInContact: flag,
  isActive: flag,
  gateways: gatewayOptions.optional(),
} as const;

export const phoneCarrier = z.strictObject(columns);

/** One of several: with its own numbers, and its own rows to take over. */
export const furtherCarrier = z.strictObject({
  ...columns,
  name: z.string().min(1).max(64),
  calledNumbers: z.array(calledNumber).default([]),
  adopt: optionalSid.default(""),
  /** By `host:port` (outbound) or network (inbound). */
  adoptGateways: z.record(z.string(), optionalSid).default({}),
  /** By called number. */
  adoptNumbers: z.record(z.string(), optionalSid).default({}),
});

export type PhoneCarrierSettings = z.output<typeof phoneCarrier>;

const DEFAULTS = { name: "Schmidtkom", trunkType: "reg", leadingPlus: true, protocol: "udp" } as const;

/** What a new carrier has where the stack file says nothing. */
export function withCarrierDefaults<C extends PhoneCarrierSettings>(carrier: C, adopt: string): C {
  return adopt === "" ? { ...DEFAULTS, ...carrier } : carrier;
}

/** What a new carrier lacks. Each problem names its setting. */
export function carrierProblems(carrier: PhoneCarrierSettings, where: string, password: [string, unknown]): string[] {
  const toRegister = {
    [`${where}.address`]: carrier.address,
    [`${where}.username`]: carrier.username,
    [password[0]]: password[1],
  };
  const missing = Object.entries(toRegister).filter(([, value]) => carrier.trunkType === "reg" && !value);
  return [
    ...missing.map(([name]) => `${name}: is not set, and the phone carrier is one to register with`),
    ...(carrier.trunkType === "static_ip" && !carrier.inboundAddresses?.length
      ? [`${where}.inboundAddresses: are not set, and the phone carrier's calls are told by them`]
      : []),
  ];
}
