import { isIPv4 } from "node:net";
import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { TrunklineError } from "../dynamic/errors.ts";
import type { InputsOf } from "../dynamic/resource.ts";
import { stub } from "../dynamic/stub.ts";
import type { JambonzArgs } from "./application.ts";
import { columnsOf, foundColumns, inputsOf } from "./columns.ts";
import { JambonzRow } from "./declared-row.ts";
import { commonFields, sid } from "./fields.ts";
import { rowResource } from "./resource.ts";
import { numberOf, type Row, textOf } from "./row.ts";
import { GATEWAY_COLUMNS } from "./sip-gateway-columns.ts";

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
 *
 * @example
 * ```ts
 * import { JambonzSipGateway, JambonzVoipCarrier } from "@trunkline/providers";
 *
 * const host = "https://jambonz.example.com";
 * const carrier = new JambonzVoipCarrier("carrier", { host, name: "carrier" });
 *
 * new JambonzSipGateway("calls-from-carrier", {
 *   host,
 *   carrierSid: carrier.sid,
 *   address: "192.0.2.10",
 *   inbound: true,
 * });
 * ```
 */
export class JambonzSipGateway extends JambonzRow {
  constructor(resourceName: string, args: JambonzSipGatewayArgs, options: pulumi.CustomResourceOptions = {}) {
    super(resourceName, { provider, inputs: { ...args }, options, type: "SipGateway" });
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
  port: z.number().int().min(0).max(65_535).optional(),
  netmask: z.number().int().min(1).max(32).optional(),
  inbound: z.boolean().optional(),
  outbound: z.boolean().optional(),
  protocol: z.enum(["udp", "tcp", "tls", "tls/srtp"]).optional(),
  isActive: z.boolean().optional(),
  sendOptionsPing: z.boolean().optional(),
  useSipsScheme: z.boolean().optional(),
  padCrypto: z.boolean().optional(),
  removeIce: z.boolean().optional(),
  dtlsOff: z.boolean().optional(),
} as const;

type Inputs = InputsOf<typeof fields>;

/** How it is done. Called by the dispatcher. */
export const jambonzSipGateway = rowResource<Inputs>({
  collection: "SipGateways",
  key: "sip_gateway_sid",
  title: "gateway",
  fields,
  columns: GATEWAY_COLUMNS,
  replaceOn: ["carrierSid"],
  validate: requireConsistent,
  listQuery: ({ carrierSid }) => `?voip_carrier_sid=${carrierSid}`,
  isTwin: (row, { address, port }) =>
    textOf(row, "ipv4") === address && numberOf(row, "port") === (port ?? numberOf(row, "port")),
  naturalKey: ({ address, port = "?", carrierSid }) => `for ${address}:${port} of carrier ${carrierSid}`,
  describe,
  newRow: (inputs) => ({ voip_carrier_sid: inputs.carrierSid, ...columnsOf(GATEWAY_COLUMNS, inputs) }),
  // Always the full row: the API judges inbound, netmask and address by what is in the body.
  changes: (inputs, live) => ({ ...foundColumns(GATEWAY_COLUMNS, live), ...columnsOf(GATEWAY_COLUMNS, inputs) }),
  restoration: (found) => foundColumns(GATEWAY_COLUMNS, found),
});

function describe(row: Row, context: Inputs): Inputs {
  return { ...inputsOf(GATEWAY_COLUMNS, row, context), carrierSid: textOf(row, "voip_carrier_sid") };
}

function requireConsistent({ address, netmask, inbound, outbound }: Inputs): void {
  // Undefined is as it was found, of an adopted gateway; a new one has all of these.
  if (inbound === false && outbound === false) throw invalid(address, "is neither inbound nor outbound");
  if (inbound && !isIPv4(address))
    throw invalid(address, "is inbound and no IPv4 address: calls are told by their sender's address");
  if (inbound === false && netmask !== undefined && netmask !== 32)
    throw invalid(address, `is outbound only, so its netmask is 32, not ${netmask}`);
}

function invalid(address: string, what: string): TrunklineError {
  return new TrunklineError("INVALID_INPUT", `Gateway ${address} ${what}.`);
}
