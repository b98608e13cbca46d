import type { Account, Webhook } from "../account.ts";
import type { LiveCalls } from "../live-calls.ts";
import { badRequest, type Request, type Row } from "./answer.ts";

/** What all routes work on: the very rows that the feature server looks up at each call. */
export interface Context {
  account: Account;
  /** Webhook rows that no application points to any more: jambonz keeps them for ever. */
  orphans: Webhook[];
  /** The calls under way; undefined where no feature server runs. */
  liveCalls?: LiveCalls | undefined;
}

/** The account's rows of one table, as the generic functions take them. */
export function rowsOf(
  account: Account,
  table: "applications" | "voip_carriers" | "sip_gateways" | "phone_numbers" | "clients" | "speech_credentials",
): Row[] {
  return account[table] as unknown as Row[];
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Routes that parse a sid refuse what is no UUID (read: api-server lib/routes/api/utils.js validateSid) (seen live: jambonz-live, section 1). */
export function requireUuid(sid: string): void {
  if (!UUID.test(sid)) throw badRequest("Bad request");
}

/** Whether the row is out of this key's reach. An admin's key reaches everything. */
export function isForeign(context: Context, request: Request, row: Row): boolean {
  return request.scope === "account" && row.account_sid !== context.account.account_sid;
}

export function remove(rows: Row[], row: Row): void {
  rows.splice(rows.indexOf(row), 1);
}
