import { own } from "@trunkline/contract";
import { flagOf, orNull, type Row, textOf } from "./row.ts";
import { isObscured, readPassword } from "./secrets.ts";
import type { JambonzVoipCarrierInputs } from "./voip-carrier-fields.ts";

/** Input by column: texts, where none is NULL. */
const TEXTS = {
  description: "description",
  application_sid: "applicationSid",
  inbound_auth_username: "inboundUsername",
  inbound_auth_password: "inboundPassword",
  register_username: "outboundUsername",
  register_password: "outboundPassword",
  register_sip_realm: "registerRealm",
  register_from_user: "registerFromUser",
  register_from_domain: "registerFromDomain",
  tech_prefix: "techPrefix",
  diversion: "diversion",
  outbound_sip_proxy: "outboundProxy",
} as const satisfies Record<string, keyof JambonzVoipCarrierInputs>;

const FLAGS = {
  requires_register: "requiresRegister",
  register_public_ip_in_contact: "registerPublicIpInContact",
  e164_leading_plus: "leadingPlus",
  is_active: "isActive",
} as const satisfies Record<string, keyof JambonzVoipCarrierInputs>;

/** A stored carrier as the inputs that would declare it. */
export function describeCarrier(row: Row, context: JambonzVoipCarrierInputs): JambonzVoipCarrierInputs {
  const texts = Object.entries(TEXTS).map(([column, name]) => [name, textOf(row, column)]);
  const flags = Object.entries(FLAGS).map(([column, name]) => [name, flagOf(row, column)]);
  return {
    ...context,
    ...Object.fromEntries([...texts, ...flags]),
    name: textOf(row, "name"),
    trunkType: textOf(row, "trunk_type") as JambonzVoipCarrierInputs["trunkType"],
    dtmfType: textOf(row, "dtmf_type") as JambonzVoipCarrierInputs["dtmfType"],
    inboundPassword: readPassword(row.inbound_auth_password, context.inboundPassword),
    outboundPassword: readPassword(row.register_password, context.outboundPassword),
  };
}

/** All columns that are declared. */
export function carrierColumns(inputs: JambonzVoipCarrierInputs): Row {
  const texts = Object.entries(TEXTS).map(([column, name]) => [column, orNull(inputs[name])]);
  const flags = Object.entries(FLAGS).map(([column, name]) => [column, inputs[name] ? 1 : 0]);
  const { name, trunkType, dtmfType } = inputs;
  return { ...Object.fromEntries([...texts, ...flags]), name, trunk_type: trunkType, dtmf_type: dtmfType };
}

/** A found carrier's columns, but for passwords that were not readable. */
export function carrierRestoration(found: Row, live: Row): Row {
  const columns = ["name", "trunk_type", "dtmf_type", ...Object.keys(TEXTS), ...Object.keys(FLAGS)];
  const readable = columns.filter((column) => !(column.endsWith("_password") && isObscured(textOf(found, column))));
  return {
    account_sid: live.account_sid,
    ...Object.fromEntries(readable.map((column) => [column, own(found, column) ?? null])),
  };
}
