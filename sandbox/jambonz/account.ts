import { randomBytes, randomUUID } from "node:crypto";

/** MySQL booleans as the REST API returns them. */
type Flag = 0 | 1;

/** A webhook row. Basic auth is sent only when user name and password are both set. */
export interface Webhook {
  webhook_sid: string;
  url: string;
  method: "GET" | "POST";
  username: string | null;
  password: string | null;
}

export interface ApplicationRow {
  application_sid: string;
  account_sid: string;
  name: string;
  call_hook: Webhook | null;
  call_status_hook: Webhook | null;
  speech_synthesis_vendor?: string;
  speech_synthesis_language?: string;
  speech_synthesis_voice?: string | null;
  speech_synthesis_label?: string | null;
  use_for_fallback_speech?: Flag;
  fallback_speech_synthesis_vendor?: string | null;
  fallback_speech_synthesis_label?: string | null;
  speech_recognizer_vendor?: string;
  speech_recognizer_language?: string;
  /** What the application's env_vars are, in clear; jambonz stores them encrypted. */
  env_vars?: Record<string, unknown> | null;
}

export interface VoipCarrierRow {
  voip_carrier_sid: string;
  account_sid: string;
  service_provider_sid: string | null;
  name: string;
  application_sid: string | null;
  trunk_type: "static_ip" | "auth" | "reg";
  inbound_auth_username: string | null;
  inbound_auth_password: string | null;
  register_username: string | null;
  register_password: string | null;
  requires_register: Flag;
  e164_leading_plus: Flag;
  tech_prefix: string | null;
  is_active: Flag;
}

export interface SipGatewayRow {
  sip_gateway_sid: string;
  voip_carrier_sid: string;
  /** An IPv4 address; a DNS name is allowed for outbound gateways only. */
  ipv4: string;
  netmask: number;
  port: number | null;
  inbound: Flag;
  outbound: Flag;
  is_active: Flag;
  protocol: "udp" | "tcp" | "tls" | "tls/srtp";
}

export interface PhoneNumberRow {
  phone_number_sid: string;
  account_sid: string;
  /** Without the leading '+', which the REST API strips; may be a regular expression or end in '*'. */
  number: string;
  voip_carrier_sid: string;
  application_sid: string | null;
}

/** A voice, or ears; what it signs in with is kept, and not looked at. */
export interface SpeechCredentialRow {
  speech_credential_sid: string;
  account_sid: string | null;
  service_provider_sid?: string | null;
  vendor: string;
  /** What `credential` holds encrypted: keys and addresses. */
  credential?: Record<string, unknown>;
  label: string | null;
  use_for_tts: Flag;
  use_for_stt: Flag;
  tts_tested_ok: Flag | null;
  stt_tested_ok: Flag | null;
}

/** A device that registers, or authenticates by digest. */
interface ClientRow {
  client_sid: string;
  account_sid: string;
  username: string;
  password: string;
  is_active: Flag;
}

/** One account and everything that belongs to it, in jambonz's own column names. The rows may change while it runs. */
export interface Account {
  account_sid: string;
  service_provider_sid: string;
  name: string;
  /** A new account has none: NULL (seen live: jambonz-live, section 1). */
  sip_realm: string | null;
  webhook_secret: string;
  is_active: Flag;
  device_calling_application_sid: string | null;
  applications: ApplicationRow[];
  voip_carriers: VoipCarrierRow[];
  sip_gateways: SipGatewayRow[];
  phone_numbers: PhoneNumberRow[];
  clients: ClientRow[];
  speech_credentials: SpeechCredentialRow[];
}

/**
 * An account without rows.
 * @param options.sipRealm `null`: as a new account is made. Default `127.0.0.1`: on loopback the realm is the literal host of the URI (own: a real jambonz
 *   accepts host names only; sbc-inbound lib/middleware.js answers 404 to a URI with an IP literal it does not know).
 */
export function emptyAccount(options: { sipRealm?: string | null; webhookSecret?: string } = {}): Account {
  return {
    account_sid: randomUUID(),
    service_provider_sid: randomUUID(),
    name: "sandbox",
    sip_realm: options.sipRealm === undefined ? "127.0.0.1" : options.sipRealm,
    webhook_secret: options.webhookSecret ?? `wh_secret_${randomBytes(16).toString("base64url")}`,
    is_active: 1,
    device_calling_application_sid: null,
    applications: [],
    voip_carriers: [],
    sip_gateways: [],
    phone_numbers: [],
    clients: [],
    speech_credentials: [],
  };
}
