import { randomUUID } from "node:crypto";
import { own } from "@trunkline/contract";
import type { Webhook } from "../account.ts";
import { badRequest, type Row } from "./answer.ts";
import { type Context, rowsOf } from "./context.ts";
import { insert, type Table, text, update } from "./table.ts";

export const HOOKS = ["call_hook", "call_status_hook", "messaging_hook"] as const;

const PROTOCOLS = ["https:", "http:", "ws:", "wss:"];
const HOST_NAME = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i;

const webhooks: Table = {
  name: "webhooks",
  key: "webhook_sid",
  columns: {
    url: { longest: 1_024, notNull: true },
    method: { oneOf: ["GET", "POST"], default: "POST", notNull: true },
    username: text(255),
    password: text(255),
  },
};

export function newWebhook(body: Row): Webhook {
  const made: Row[] = [];
  insert(webhooks, made, body);
  return { ...(made[0] as unknown as Webhook), webhook_sid: randomUUID() };
}

/** With its webhook_sid the row is changed in place, without one a new row is made and the old one orphaned (read: api-server lib/routes/api/applications.js) (seen live: jambonz-live, section 1). */
export function putHook(context: Context, application: Row, name: string, body: Row): void {
  if (Object.keys(body).length === 0) return;
  const { webhook_sid: sid, ...rest } = body;
  if ("webhook_sid" in body) {
    update(webhooks, hookBySid(context, sid) as unknown as Row | undefined, rest);
    return;
  }
  const old = own(application, name) as Webhook | null | undefined;
  Object.assign(application, { [name]: newWebhook(rest) });
  if (old) context.orphans.push(old);
}

function hookBySid({ account, orphans }: Context, sid: unknown): Webhook | undefined {
  const used = rowsOf(account, "applications").flatMap((row) => HOOKS.map((name) => row[name] as Webhook | undefined));
  return [...used, ...orphans].find((hook) => hook?.webhook_sid === sid);
}

/** A hook's URL, or 400 (read: api-server lib/routes/api/utils.js isInvalidUrl). */
export function requireUrl(name: string, url: unknown): void {
  const problem = urlProblem(String(url));
  if (problem) throw badRequest(`${name} ${problem}`);
}

function urlProblem(text: string): string | undefined {
  if (!URL.canParse(text)) return "URL is invalid";
  const { hostname, protocol } = new URL(text);
  if (text !== text.trim()) return "URL contains leading/trailing whitespace";
  if (!HOST_NAME.test(hostname)) return `URL has invalid hostname ${hostname}`;
  return PROTOCOLS.includes(protocol) ? undefined : `URL has missing or invalid protocol ${protocol}`;
}
