import type * as pulumi from "@pulumi/pulumi";
import { stub } from "../dynamic/stub.ts";
import { asSecret, type JambonzArgs } from "./application.ts";
import { JambonzRow } from "./declared-row.ts";
import { rowResource } from "./resource.ts";
import { textOf } from "./row.ts";
import { CARRIER_COLUMNS } from "./voip-carrier-columns.ts";
import { type JambonzVoipCarrierInputs, voipCarrierFields } from "./voip-carrier-fields.ts";
import { requireConsistentCarrier } from "./voip-carrier-rules.ts";
import { carrierColumns, carrierRestoration, describeCarrier } from "./voip-carrier-wire.ts";

/** What is declared of a carrier. Everything but host and account is changed in place: its sid stays. */
export interface JambonzVoipCarrierArgs extends JambonzArgs {
  /** At most 64 characters. Unique for us, not for Jambonz: `dial` takes the first of a name (FOREIGN_TWIN). Needed unless `adopt` is said. */
  name?: pulumi.Input<string>;
  description?: pulumi.Input<string>;
  /** How its calls to us are recognised: by address (`static_ip`, default), by digest (`auth`), or where it registers (`reg`). */
  trunkType?: pulumi.Input<"static_ip" | "auth" | "reg">;
  /** The application of its calls, unless their number has one. */
  applicationSid?: pulumi.Input<string>;
  /** What its calls authenticate with (`auth`). */
  inboundUsername?: pulumi.Input<string>;
  /** Always kept as a secret. */
  inboundPassword?: pulumi.Input<string>;
  /** Whether jambonz registers there. Default false. */
  requiresRegister?: pulumi.Input<boolean>;
  /** What our calls to it, and registrations, authenticate with. */
  outboundUsername?: pulumi.Input<string>;
  /** Always kept as a secret. */
  outboundPassword?: pulumi.Input<string>;
  /** The registrar's domain. Default: the gateway's address. */
  registerRealm?: pulumi.Input<string>;
  registerFromUser?: pulumi.Input<string>;
  registerFromDomain?: pulumi.Input<string>;
  registerPublicIpInContact?: pulumi.Input<boolean>;
  /** Whether called numbers get a plus. Default false. */
  leadingPlus?: pulumi.Input<boolean>;
  techPrefix?: pulumi.Input<string>;
  diversion?: pulumi.Input<string>;
  outboundProxy?: pulumi.Input<string>;
  /** Default rfc2833. */
  dtmfType?: pulumi.Input<"rfc2833" | "tones" | "info">;
  /** Default true. */
  isActive?: pulumi.Input<boolean>;
  /** SMS: the SMPP session to the carrier. */
  smppSystemId?: pulumi.Input<string>;
  /** Always kept as a secret. */
  smppPassword?: pulumi.Input<string>;
  smppEnquireLinkInterval?: pulumi.Input<number>;
  /** SMS: the carrier's SMPP session to us. */
  smppInboundSystemId?: pulumi.Input<string>;
  /** Always kept as a secret. */
  smppInboundPassword?: pulumi.Input<string>;
}

const provider = stub("jambonz:VoipCarrier");

/**
 * A SIP trunk of Jambonz (`/v1/VoipCarriers`). Codecs and headers have no columns there: they belong to LiveKit's trunk and to the `dial` verb.
 * Errors: ENVIRONMENT_MISMATCH, MISSING_CREDENTIALS, INVALID_INPUT, FOREIGN_TWIN, OBJECT_GONE, API_REFUSED, API_UNREACHABLE.
 *
 * @example
 * ```ts
 * import * as pulumi from "@pulumi/pulumi";
 * import { JambonzVoipCarrier } from "@trunkline/providers";
 *
 * const carrier = new JambonzVoipCarrier("carrier", {
 *   host: "https://jambonz.example.com",
 *   name: "carrier",
 *   outboundUsername: "me",
 *   outboundPassword: new pulumi.Config().requireSecret("carrierPassword"),
 * });
 * export const carrierSid = carrier.sid;
 * ```
 */
export class JambonzVoipCarrier extends JambonzRow {
  declare readonly name: pulumi.Output<string>;

  constructor(resourceName: string, args: JambonzVoipCarrierArgs, options: pulumi.CustomResourceOptions = {}) {
    const inputs = {
      ...args,
      inboundPassword: asSecret(args.inboundPassword),
      outboundPassword: asSecret(args.outboundPassword),
      smppPassword: asSecret(args.smppPassword),
      smppInboundPassword: asSecret(args.smppInboundPassword),
    };
    const secrets = ["inboundPassword", "outboundPassword", "smppPassword", "smppInboundPassword", "found"];
    super(resourceName, { provider, inputs, options, secrets, type: "VoipCarrier" });
  }
}

/** How it is done. Called by the dispatcher. */
export const jambonzVoipCarrier = rowResource<JambonzVoipCarrierInputs>({
  collection: "VoipCarriers",
  key: "voip_carrier_sid",
  title: "carrier",
  fields: voipCarrierFields,
  columns: CARRIER_COLUMNS,
  replaceOn: [],
  validate: requireConsistentCarrier,
  isTwin: (row, { name }) => textOf(row, "name") === name,
  naturalKey: ({ name, adopt }) => `named "${name ?? adopt}"`,
  describe: describeCarrier,
  // Without a service provider a carrier is not found for calls to an IP address, and the API leaves it empty.
  newRow: (inputs, { account_sid, service_provider_sid }) => ({
    account_sid,
    service_provider_sid,
    ...carrierColumns(inputs),
  }),
  // An admin's key has to say whose application it is.
  changes: (inputs, { account_sid }) => ({ account_sid, ...carrierColumns(inputs) }),
  restoration: carrierRestoration,
});
