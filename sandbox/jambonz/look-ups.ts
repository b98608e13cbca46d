import type { Account, ApplicationRow, PhoneNumberRow, SipGatewayRow, VoipCarrierRow } from "./account.ts";

/** jambonz compares E.164 numbers without the leading '+' (read: feature-server lib/middleware.js normalizeNumbers). */
function withoutPlus(number: string): string {
  return /^\+\d+$/.test(number) ? number.slice(1) : number;
}

function patternOf(row: PhoneNumberRow): RegExp | undefined {
  const source = row.number.endsWith("*") ? `${row.number.slice(0, -1)}\\d*` : row.number;
  try {
    return new RegExp(source);
  } catch {
    return undefined; // an invalid pattern is skipped, not an error (sbc-inbound lib/db-utils.js)
  }
}

/** The carrier's row for a called number: the exact number, else its longest pattern that matches. */
export function phoneNumberFor(account: Account, carrierSid: string, called: string): PhoneNumberRow | undefined {
  const wanted = withoutPlus(called);
  const rows = account.phone_numbers.filter((row) => row.voip_carrier_sid === carrierSid);
  const exact = rows.find((row) => row.number === wanted);
  if (exact) return exact;
  return rows
    .filter((row) => /\D/.test(row.number))
    .sort((a, b) => b.number.length - a.number.length)
    .find((row) => patternOf(row)?.test(wanted));
}

/** Called number → application: the number's own, else the carrier's (read: sbc-inbound lib/middleware.js) (seen live: jambonz-live, section 8). */
export function applicationFor(account: Account, carrier: VoipCarrierRow, called: string): ApplicationRow | undefined {
  const sid = phoneNumberFor(account, carrier.voip_carrier_sid, called)?.application_sid ?? carrier.application_sid;
  return account.applications.find((row) => row.application_sid === sid);
}

function toInteger(ipv4: string): number | undefined {
  const parts = ipv4.split(".").map(Number);
  if (parts.length !== 4 || parts.some((part) => !Number.isInteger(part) || part < 0 || part > 255)) return undefined;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}

function contains(gateway: SipGatewayRow, address: string): boolean {
  const [own, other] = [toInteger(gateway.ipv4), toInteger(address)];
  if (own === undefined || other === undefined) return false;
  const block = 2 ** (32 - gateway.netmask);
  return Math.floor(own / block) === Math.floor(other / block);
}

/** Active carriers with an active inbound gateway that holds this source address. */
export function carriersFromSource(account: Account, address: string): VoipCarrierRow[] {
  const matching = account.sip_gateways.filter((row) => row.inbound && row.is_active && contains(row, address));
  const sids = new Set(matching.map((row) => row.voip_carrier_sid));
  return account.voip_carriers.filter((row) => row.is_active && sids.has(row.voip_carrier_sid));
}

/** Active carriers that are told by digest: `trunk_type` auth with user name and password. */
export function authCarriers(account: Account): VoipCarrierRow[] {
  return account.voip_carriers.filter(
    (row) => row.is_active && row.trunk_type === "auth" && row.inbound_auth_username && row.inbound_auth_password,
  );
}

/** The carrier's active outbound gateway, if any. */
export function outboundGateway(account: Account, carrierSid: string): SipGatewayRow | undefined {
  return account.sip_gateways.find((row) => row.voip_carrier_sid === carrierSid && row.outbound && row.is_active);
}

/**
 * The carrier a `dial` to a phone number leaves through: the first of that name; without or with an unknown name the
 * one that holds the calling number, else any with an outbound gateway (read: feature-server lib/tasks/dial.js: an
 * unknown trunk name is no error) (seen live: jambonz-live, section 8).
 */
export function outboundCarrier(account: Account, trunk: string | undefined, calling: string) {
  const named = trunk ? account.voip_carriers.find((row) => row.name === trunk) : undefined;
  if (named) return named;
  const owner = account.phone_numbers.find((row) => row.number === withoutPlus(calling))?.voip_carrier_sid;
  const usable = account.voip_carriers.filter((row) => row.is_active && outboundGateway(account, row.voip_carrier_sid));
  return usable.find((row) => row.voip_carrier_sid === owner) ?? usable[0];
}
