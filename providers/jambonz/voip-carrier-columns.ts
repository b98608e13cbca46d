import type { Column } from "./columns.ts";

/** Every column of `voip_carriers` that can be set (jambonz-api-server dd755f8, db/jambones-sql.sql). */
export const CARRIER_COLUMNS: readonly Column[] = [
  { column: "name", input: "name", type: "choice" },
  { column: "description", input: "description", type: "text", created: "" },
  { column: "trunk_type", input: "trunkType", type: "choice", created: "static_ip" },
  { column: "application_sid", input: "applicationSid", type: "text", created: "" },
  { column: "inbound_auth_username", input: "inboundUsername", type: "text", created: "" },
  { column: "inbound_auth_password", input: "inboundPassword", type: "text", isSecret: true, created: "" },
  { column: "requires_register", input: "requiresRegister", type: "flag", created: false },
  { column: "register_username", input: "outboundUsername", type: "text", created: "" },
  { column: "register_password", input: "outboundPassword", type: "text", isSecret: true, created: "" },
  { column: "register_sip_realm", input: "registerRealm", type: "text", created: "" },
  { column: "register_from_user", input: "registerFromUser", type: "text", created: "" },
  { column: "register_from_domain", input: "registerFromDomain", type: "text", created: "" },
  { column: "register_public_ip_in_contact", input: "registerPublicIpInContact", type: "flag", created: false },
  { column: "e164_leading_plus", input: "leadingPlus", type: "flag", created: false },
  { column: "tech_prefix", input: "techPrefix", type: "text", created: "" },
  { column: "diversion", input: "diversion", type: "text", created: "" },
  { column: "outbound_sip_proxy", input: "outboundProxy", type: "text", created: "" },
  { column: "dtmf_type", input: "dtmfType", type: "choice", created: "rfc2833" },
  { column: "is_active", input: "isActive", type: "flag", created: true },
  { column: "smpp_system_id", input: "smppSystemId", type: "text" },
  { column: "smpp_password", input: "smppPassword", type: "text", isSecret: true },
  { column: "smpp_enquire_link_interval", input: "smppEnquireLinkInterval", type: "number" },
  { column: "smpp_inbound_system_id", input: "smppInboundSystemId", type: "text" },
  { column: "smpp_inbound_password", input: "smppInboundPassword", type: "text", isSecret: true },
];
