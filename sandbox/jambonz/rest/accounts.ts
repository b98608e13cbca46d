import { randomBytes } from "node:crypto";
import { type Answer, badRequest, EMPTY_NOT_FOUND, forbidden, NO_CONTENT, type Request, type Row } from "./answer.ts";
import { callRoutes } from "./calls.ts";
import { type Context, requireUuid, rowsOf } from "./context.ts";
import { speechCredentialRoutes } from "./speech-credentials.ts";
import { flag, select, sid, type Table, text, update } from "./table.ts";
import { insertCarrier, voipCarriers } from "./voip-carriers.ts";

const accounts: Table = {
  name: "accounts",
  key: "account_sid",
  columns: {
    name: { longest: 64, notNull: true },
    sip_realm: text(132),
    service_provider_sid: { ...sid, notNull: true },
    device_calling_application_sid: sid,
    is_active: flag(1),
    webhook_secret: { longest: 36, notNull: true },
  },
};

/** `/Accounts`: one account is all there is (read: api-server lib/routes/api/accounts.js) (seen live: jambonz-live, section 1). */
export function accountRoutes(context: Context, request: Request): Answer {
  const [, id, part] = request.path;
  const { account } = context;
  if (id === undefined) return { status: 200, body: [shown(context)] };
  requireUuid(id);
  if (id !== account.account_sid) {
    if (request.scope === "account") throw forbidden("insufficient permissions");
    return EMPTY_NOT_FOUND;
  }
  if (part === "WebhookSecret") return webhookSecret(context, request);
  if (part === "VoipCarriers") return carriersOf(context, request);
  if (part === "SpeechCredentials") return speechCredentialRoutes(context, { ...request, path: request.path.slice(2) });
  if (part === "Calls") return callRoutes(context.liveCalls, request);
  if (request.method === "PUT") return put(context, request);
  return { status: 200, body: shown(context) };
}

/** `?regenerate=true` puts a new secret in the old one's place at once: there is no overlap (read: api-server lib/routes/api/accounts.js) (seen live: jambonz-live, section 8). */
function webhookSecret({ account }: Context, { query }: Request): Answer {
  if (query.get("regenerate")) account.webhook_secret = `wh_secret_${randomBytes(16).toString("base64url")}`;
  return { status: 200, body: { webhook_secret: account.webhook_secret } };
}

function carriersOf(context: Context, { method, body }: Request): Answer {
  const { account } = context;
  if (method === "GET") {
    const rows = rowsOf(account, "voip_carriers").filter((row) => row.account_sid === account.account_sid);
    return { status: 200, body: rows.map((row) => select(voipCarriers, row)) };
  }
  const { account_sid, service_provider_sid } = account;
  return insertCarrier(context, { account_sid, ...body, service_provider_sid });
}

function put({ account }: Context, { body, scope }: Request): Answer {
  if (scope === "account" && body.sip_realm)
    throw badRequest("use POST /Accounts/:sid/sip_realm/:realm to set or change the sip realm");
  if (Object.keys(body).length > 0) update(accounts, account as unknown as Row, body);
  return NO_CONTENT;
}

function shown({ account }: Context): Row {
  return { ...select(accounts, account as unknown as Row), registration_hook: null, queue_event_hook: null };
}
