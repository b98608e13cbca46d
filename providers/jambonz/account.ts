import { jambonzClient } from "./client.ts";
import { textOf } from "./row.ts";

export interface JambonzAccount {
  accountSid: string;
  /** The account's SIP domain: where LiveKit sends its INVITEs. */
  sipRealm: string;
  /** Signs every webhook of the account. Secret. */
  webhookSecret: string;
}

/**
 * The account that a stack is bound to, read with JAMBONZ_API_KEY.
 * @param accountSid needed when the key sees several
 * @throws ENVIRONMENT_MISMATCH, MISSING_CREDENTIALS, INVALID_INPUT, API_UNREACHABLE, API_REFUSED
 */
export async function jambonzAccount(host: string, accountSid = ""): Promise<JambonzAccount> {
  const client = jambonzClient(host);
  const row = await client.account(accountSid);
  const sid = textOf(row, "account_sid");
  return { accountSid: sid, sipRealm: textOf(row, "sip_realm"), webhookSecret: await client.webhookSecret(sid) };
}
