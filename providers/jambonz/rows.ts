import { own } from "@trunkline/contract";
import { z } from "zod";
import type { Expected } from "./api.ts";
import type { Row } from "./row.ts";

/** The lists that an account has, each with the column of a row's own sid, and what one row is called. */
const COLLECTIONS = {
  Applications: { key: "application_sid", title: "application" },
  VoipCarriers: { key: "voip_carrier_sid", title: "carrier" },
  SipGateways: { key: "sip_gateway_sid", title: "gateway" },
  PhoneNumbers: { key: "phone_number_sid", title: "phone number" },
} as const;

export type Collection = keyof typeof COLLECTIONS;

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
/** A column, or a row that the API nests: hooks, env_vars, register_status. */
const value = z.union([scalar, z.record(z.string(), z.unknown())]);
const id = z.string().regex(/^[0-9a-f-]{36}$/i, "is not a sid");

/** @param given columns that were asked for */
function row(key: string, given: Readonly<Record<string, string>> = {}): z.ZodType<Row> {
  return z.record(z.string(), value).superRefine((columns, context) => {
    const sid = id.safeParse(own(columns, key));
    if (!sid.success) context.addIssue({ code: "custom", path: [key], message: "is not a sid" });
    for (const [name, wanted] of Object.entries(given))
      if (own(columns, name) !== wanted)
        context.addIssue({ code: "custom", path: [name], message: "is not the one asked for" });
  });
}

export function rowOf(collection: Collection, sid: string): Expected<Row> {
  const { key, title } = COLLECTIONS[collection];
  return { schema: row(key, { [key]: sid }), expected: `the ${title} ${sid}` };
}

/** @param query of the request: rows of other carriers than the one asked for are no answer */
export function listOf(collection: Collection, query: string): Expected<Row[]> {
  const { key, title } = COLLECTIONS[collection];
  return { schema: z.array(row(key, Object.fromEntries(new URLSearchParams(query)))), expected: `a list of ${title}s` };
}

export const ACCOUNTS: Expected<Row[]> = { schema: z.array(row("account_sid")), expected: "a list of accounts" };
/** Of the account, and of its service provider. */
export const VOICES: Expected<Row[]> = {
  schema: z.array(row("speech_credential_sid")),
  expected: "a list of speech credentials",
};
export const CREATED: Expected<{ sid: string }> = { schema: z.object({ sid: id }), expected: "the sid of the new row" };
export const SECRET: Expected<{ webhook_secret: string }> = {
  schema: z.object({ webhook_secret: z.string().min(1) }),
  expected: "the account's webhook secret",
};
