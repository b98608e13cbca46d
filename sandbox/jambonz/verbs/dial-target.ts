import type { Account, SipGatewayRow, VoipCarrierRow } from "../account.ts";
import { outboundCarrier, outboundGateway } from "../look-ups.ts";
import type { DigestCredentials, SipTransport } from "../protocol.ts";

export interface DialTarget {
  type: "phone" | "sip" | "user" | "teams";
  number?: string;
  trunk?: string;
  sipUri?: string;
  name?: string;
  auth?: DigestCredentials;
  headers?: Record<string, string>;
  from?: { user?: string; host?: string };
  proxy?: string;
}

/** Where an outbound INVITE goes. */
export interface Destination {
  uri: string;
  destination: string;
  transport: SipTransport;
  /** What `to` of the leg's webhooks says. */
  to: string;
  auth?: DigestCredentials;
}

/** A target that cannot be reached, with the status the SBC would answer. */
export interface Unreachable {
  status: number;
  reason: string;
}

const DEFAULT_PORT = 5060;

/** Resolves one target of a `dial` (read: feature-server lib/utils/place-outdial.js, then sbc-outbound) (seen live: jambonz-live, section 12). */
export function destinationOf(account: Account, target: DialTarget, calling: string): Destination | Unreachable {
  if (target.type === "phone") return phoneDestination(account, target, calling);
  if (target.type === "sip") return sipDestination(target);
  return { status: 404, reason: "Not Found" }; // no registered users and no Teams here
}

function phoneDestination(account: Account, target: DialTarget, calling: string): Destination | Unreachable {
  const carrier = outboundCarrier(account, target.trunk, calling);
  const gateway = carrier && outboundGateway(account, carrier.voip_carrier_sid);
  if (!carrier || !gateway) return { status: 603, reason: "Decline" };
  const user = numberFor(carrier, target.number ?? "");
  const auth = credentialsOf(carrier);
  return {
    uri: `sip:${user}@${hostOf(gateway)}`,
    destination: `${gateway.ipv4}:${gateway.port ?? DEFAULT_PORT}`,
    transport: gateway.protocol === "udp" ? "udp" : "tcp", // no TLS on loopback
    to: target.number ?? "",
    ...(auth && { auth }),
  };
}

function hostOf(gateway: SipGatewayRow): string {
  return gateway.port && gateway.port !== DEFAULT_PORT ? `${gateway.ipv4}:${gateway.port}` : gateway.ipv4;
}

function numberFor(carrier: VoipCarrierRow, number: string): string {
  const plus = carrier.e164_leading_plus && /^[1-9]/.test(number) ? "+" : "";
  return `${carrier.tech_prefix ?? ""}${plus}${number}`;
}

/** The carrier's outbound credentials: the same columns a registration uses. */
function credentialsOf(carrier: VoipCarrierRow): DigestCredentials | undefined {
  const { register_username: username, register_password: password } = carrier;
  return username && password ? { username, password } : undefined;
}

function sipDestination(target: DialTarget): Destination | Unreachable {
  const uri = target.sipUri ?? "";
  const match = /^sips?:(?:[^@]*@)?([^:;?]+)(?::(\d+))?/i.exec(uri);
  if (!match) return { status: 404, reason: "Not Found" };
  const proxy = target.proxy?.replace(/^sips?:/i, "").replace(/;.*$/, "");
  return {
    uri,
    destination: proxy || `${match[1]}:${match[2] ?? DEFAULT_PORT}`,
    transport: /;transport=t(cp|ls)/i.test(uri) ? "tcp" : "udp",
    to: uri,
    ...(target.auth && { auth: target.auth }),
  };
}
