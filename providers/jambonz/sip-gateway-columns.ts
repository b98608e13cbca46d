import type { Column } from "./columns.ts";

/** Every column of `sip_gateways` that can be set, but the carrier's sid (jambonz-api-server dd755f8, db/jambones-sql.sql). */
export const GATEWAY_COLUMNS: readonly Column[] = [
  { column: "ipv4", input: "address", type: "choice" },
  { column: "port", input: "port", type: "port", created: 5_060 },
  { column: "netmask", input: "netmask", type: "number", created: 32 },
  { column: "inbound", input: "inbound", type: "flag", created: false },
  { column: "outbound", input: "outbound", type: "flag", created: false },
  { column: "protocol", input: "protocol", type: "choice", created: "udp" },
  { column: "is_active", input: "isActive", type: "flag", created: true },
  { column: "send_options_ping", input: "sendOptionsPing", type: "flag", created: false },
  { column: "use_sips_scheme", input: "useSipsScheme", type: "flag", created: false },
  { column: "pad_crypto", input: "padCrypto", type: "flag", created: false },
  { column: "remove_ice", input: "removeIce", type: "flag", created: false },
  { column: "dtls_off", input: "dtlsOff", type: "flag", created: false },
];
