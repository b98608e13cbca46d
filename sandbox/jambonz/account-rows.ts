import { randomUUID } from "node:crypto";
import type { Account, ApplicationRow, SipGatewayRow, VoipCarrierRow } from "./account.ts";

/** Adds an application with these hooks, without basic auth; the status hook is `/status` of the same origin by default. */
export function addApplication(
  account: Account,
  name: string,
  callHook: string,
  statusHook = new URL("/status", callHook).href,
): ApplicationRow {
  const hook = (url: string) => ({
    webhook_sid: randomUUID(),
    url,
    method: "POST" as const,
    username: null,
    password: null,
  });
  const row = {
    application_sid: randomUUID(),
    account_sid: account.account_sid,
    name,
    call_hook: hook(callHook),
    call_status_hook: hook(statusHook),
  };
  account.applications.push(row);
  return row;
}

export function addCarrier(account: Account, name: string, given: Partial<VoipCarrierRow> = {}): VoipCarrierRow {
  const row: VoipCarrierRow = {
    voip_carrier_sid: randomUUID(),
    account_sid: account.account_sid,
    service_provider_sid: null,
    name,
    application_sid: null,
    trunk_type: "static_ip",
    inbound_auth_username: null,
    inbound_auth_password: null,
    register_username: null,
    register_password: null,
    requires_register: 0,
    e164_leading_plus: 0,
    tech_prefix: null,
    is_active: 1,
    ...given,
  };
  account.voip_carriers.push(row);
  return row;
}

export function addGateway(
  account: Account,
  carrier: VoipCarrierRow,
  given: Partial<SipGatewayRow> = {},
): SipGatewayRow {
  const row: SipGatewayRow = {
    sip_gateway_sid: randomUUID(),
    voip_carrier_sid: carrier.voip_carrier_sid,
    ipv4: "127.0.0.1",
    netmask: 32,
    port: 5060,
    inbound: 1,
    outbound: 0,
    is_active: 1,
    protocol: "udp",
    ...given,
  };
  account.sip_gateways.push(row);
  return row;
}

/** A voice that works, as a portal shows it after its test. */
export function addVoice(account: Account, vendor: string, label: string | null = null): void {
  account.speech_credentials.push({
    speech_credential_sid: randomUUID(),
    account_sid: account.account_sid,
    vendor,
    label,
    use_for_tts: 1,
    use_for_stt: 1,
    tts_tested_ok: 1,
    stt_tested_ok: 1,
  });
}

export function addNumber(
  account: Account,
  carrier: VoipCarrierRow,
  number: string,
  application: ApplicationRow | null,
): void {
  account.phone_numbers.push({
    phone_number_sid: randomUUID(),
    account_sid: account.account_sid,
    number,
    voip_carrier_sid: carrier.voip_carrier_sid,
    application_sid: application?.application_sid ?? null,
  });
}
