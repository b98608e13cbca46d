import { isIPv4 } from "node:net";
import * as pulumi from "@pulumi/pulumi";
import { own } from "@trunkline/contract";
import { z } from "zod";
import { TrunklineError } from "../dynamic/errors.ts";
import type { InputsOf } from "../dynamic/resource.ts";
import { stub } from "../dynamic/stub.ts";
import type { JambonzArgs } from "./application.ts";
import { commonFields, sid } from "./fields.ts";
import { rowResource } from "./resource.ts";
import { flagOf, numberOf, type Row, textOf } from "./row.ts";

/** What is declared of a gateway. Everything but host, account and carrier is changed in place. */
export interface JambonzSipGatewayArgs extends JambonzArgs {
  /** The carrier it belongs to. A change makes another gateway. */
  carrierSid: pulumi.Input<string>;
  /** An IPv4 address or, for an outbound gateway only, a host name. */
  address: pulumi.Input<string>;
  /** 1 to 65535; 0: none, for a host name with SRV records. Default 5060. */
  port?: pulumi.Input<number>;
  /** Bits of the network whose calls are the carrier's, 1 to 32. Default 32, all there is for outbound only. */
  netmask?: pulumi.Input<number>;
  /** Calls from this address are the carrier's. Default false. */
  inbound?: pulumi.Input<boolean>;
  /** Calls to the carrier go there. Default false. */
  outbound?: pulumi.Input<boolean>;
  /** Of outbound calls. Default udp. */
  protocol?: pulumi.Input<"udp" | "tcp" | "tls" | "tls/srtp">;
  /** Default true. */
  isActive?: pulumi.Input<boolean>;
  /** Default false. On a carrier's only gateway one answer that is not 200 would take it out of use for 300 s. */
  sendOptionsPing?: pulumi.Input<boolean>;
  useSipsScheme?: pulumi.Input<boolean>;
  padCrypto?: pulumi.Input<boolean>;
  removeIce?: pulumi.Input<boolean>;
  dtlsOff?: pulumi.Input<boolean>;
}

const provider = stub("jambonz:SipGateway");

/**
 * An address of a carrier (`/v1/SipGateways`).
 * Errors: ENVIRONMENT_MISMATCH, MISSING_CREDENTIALS, INVALID_INPUT, FOREIGN_TWIN, OBJECT_GONE, API_REFUSED, API_UNREACHABLE.
 */
export class JambonzSipGateway extends pulumi.dynamic.Resource {
  declare readonly sid: pulumi.Output<string>;

  constructor(resourceName: string, args: JambonzSipGatewayArgs, options: pulumi.CustomResourceOptions = {}) {
    const inputs = { sid: undefined, ownerSid: undefined, found: undefined, ...args };
    super(provider, resourceName, inputs, options, "jambonz", "SipGateway");
  }
}

const fields = {
  ...commonFields,
  carrierSid: sid,
  address: z
    .string()
    .regex(/^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/, "is no IPv4 address or host name")
    .max(128)
    .toLowerCase(),
  port: z.number().int().min(0).max(65_535).default(5_060),
  netmask: z.number().int().min(1).max(32).default(32),
  inbound: z.boolean().default(false),
  outbound: z.boolean().default(false),
  protocol: z.enum(["udp", "tcp", "tls", "tls/srtp"]).default("udp"),
  isActive: z.boolean().default(true),
  sendOptionsPing: z.boolean().default(false),
  useSipsScheme: z.boolean().default(false),
  padCrypto: z.boolean().default(false),
  removeIce: z.boolean().default(false),
  dtlsOff: z.boolean().default(false),
} as const;

type Inputs = InputsOf<typeof fields>;

const FLAGS = {
  inbound: "inbound",
  outbound: "outbound",
  is_active: "isActive",
  send_options_ping: "sendOptionsPing",
  use_sips_scheme: "useSipsScheme",
  pad_crypto: "padCrypto",
  remove_ice: "removeIce",
  dtls_off: "dtlsOff",
} as const satisfies Record<string, keyof Inputs>;

/** How it is done. Called by the dispatcher. */
export const jambonzSipGateway = rowResource<Inputs>({
  collection: "SipGateways",
  key: "sip_gateway_sid",
  title: "gateway",
  fields,
  replaceOn: ["carrierSid"],
  validate: requireConsistent,
  listQuery: ({ carrierSid }) => `?voip_carrier_sid=${carrierSid}`,
  isTwin: (row, { address, port }) => textOf(row, "ipv4") === address && numberOf(row, "port") === port,
  naturalKey: ({ address, port, carrierSid }) => `for ${address}:${port} of carrier ${carrierSid}`,
  describe,
  newRow: (inputs) => ({ voip_carrier_sid: inputs.carrierSid, ...columns(inputs) }),
  changes: columns,
  restoration: (found) =>
    Object.fromEntries(
      ["ipv4", "port", "netmask", "protocol", ...Object.keys(FLAGS)].map((name) => [name, own(found, name)]),
    ),
});

function describe(row: Row, context: Inputs): Inputs {
  const flags = Object.entries(FLAGS).map(([column, name]) => [name, flagOf(row, column)]);
  return {
    ...context,
    ...Object.fromEntries(flags),
    carrierSid: textOf(row, "voip_carrier_sid"),
    address: textOf(row, "ipv4"),
    port: numberOf(row, "port"),
    netmask: numberOf(row, "netmask"),
    protocol: textOf(row, "protocol") as Inputs["protocol"],
  };
}

/** Always the full row: the API judges inbound, netmask and address by what is in the body. */
function columns(inputs: Inputs): Row {
  const flags = Object.entries(FLAGS).map(([column, name]) => [column, inputs[name] ? 1 : 0]);
  const { address, port, netmask, protocol } = inputs;
  return { ...Object.fromEntries(flags), ipv4: address, port: port === 0 ? null : port, netmask, protocol };
}

function requireConsistent({ address, netmask, inbound, outbound }: Inputs): void {
  if (!inbound && !outbound) throw invalid(address, "is neither inbound nor outbound");
  if (inbound && !isIPv4(address))
    throw invalid(address, "is inbound and no IPv4 address: calls are told by their sender's address");
  if (!inbound && netmask !== 32) throw invalid(address, `is outbound only, so its netmask is 32, not ${netmask}`);
}

function invalid(address: string, what: string): TrunklineError {
  return new TrunklineError("INVALID_INPUT", `Gateway ${address} ${what}.`);
}
