import type { Account, ApplicationRow, VoipCarrierRow } from "./account.ts";
import { applicationFor, authCarriers, carriersFromSource, phoneNumberFor } from "./look-ups.ts";
import type { InviteEvent } from "./protocol.ts";

/** What becomes of an incoming INVITE. `challenge` is followed by `trunkOf` once the digest was right. */
export type Route =
  | { kind: "trunk"; carrier: VoipCarrierRow; application: ApplicationRow | undefined }
  | { kind: "challenge"; realm: string; users: Record<string, string> }
  | { kind: "decline"; status: number; reason?: string; headers?: Record<string, string> };

/** User and host of a SIP URI; both empty for anything else. */
export function uriParts(uri: string): { user: string; host: string } {
  const match = /^sips?:(?:([^@]*)@)?([^:;?>]+)/i.exec(uri);
  return { user: decodeUser(numberOf(match?.[1] ?? "")), host: match?.[2] ?? "" };
}

/** The user part without its parameters: `;npdi`, `;ext=12` (read: drachtio-srf lib/sip-parser/message.js calledNumber, callingNumber). */
export function numberOf(user: string): string {
  return user.split(";")[0] ?? "";
}

function decodeUser(user: string): string {
  try {
    return decodeURIComponent(user);
  } catch {
    return user;
  }
}

/**
 * Whether the gateways by source address are asked. On loopback every sender has the same address, so what a real
 * SBC tells by the address is told here by the called user: digits come from the phone side, names from a trunk that
 * has to authenticate (own: a real jambonz never challenges a sender whose address matches an inbound gateway).
 */
function isPhoneSide(user: string): boolean {
  return /^\+?[0-9*#]+$/.test(user);
}

/** Source address first, else digest (read: sbc-inbound lib/middleware.js identifyAccount) (seen live: jambonz-live, section 2). */
export function routeInvite(account: Account, invite: InviteEvent): Route {
  const { user, host } = uriParts(invite.uri);
  if (!account.is_active) return declined(503, "Account exists but is inactive");
  if (isPhoneSide(user)) {
    const carriers = carriersFromSource(account, invite.source.replace(/:\d+$/, ""));
    if (carriers.length > 0) return routeFromSource(account, carriers, user);
  }
  if (host !== account.sip_realm) return { kind: "decline", status: 404 };
  return { kind: "challenge", realm: host, users: digestUsers(account) };
}

function declined(status: number, reason: string): Route {
  return { kind: "decline", status, headers: { "X-Reason": reason } };
}

function routeFromSource(account: Account, carriers: VoipCarrierRow[], called: string): Route {
  const owners = carriers.filter((row) => phoneNumberFor(account, row.voip_carrier_sid, called));
  if (owners.length > 1) {
    return declined(
      503,
      "Multiple carriers with the same gateway are attempting to route the same number for this account",
    );
  }
  const carrier = owners[0] ?? carriers.find((row) => row.application_sid) ?? carriers[0];
  if (!carrier) return { kind: "decline", status: 404, reason: "Number Not Provisioned" };
  return { kind: "trunk", carrier, application: applicationFor(account, carrier, called) };
}

function digestUsers(account: Account): Record<string, string> {
  const users = authCarriers(account).map((row) => [row.inbound_auth_username ?? "", row.inbound_auth_password ?? ""]);
  // The first of two carriers with the same user name wins, as jambonz tries them in order.
  return Object.fromEntries(users.reverse());
}

/** The auth trunk that a digest user belongs to (read: sbc-inbound lib/middleware.js identifyAuthTrunk) (seen live: jambonz-live, section 2). */
export function trunkOf(
  account: Account,
  username: string,
  called: string,
): Extract<Route, { kind: "trunk" }> | undefined {
  const carrier = authCarriers(account).find((row) => row.inbound_auth_username === username);
  return carrier && { kind: "trunk", carrier, application: applicationFor(account, carrier, called) };
}
