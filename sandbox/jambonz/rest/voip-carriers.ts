import {
  type Answer,
  badRequest,
  created,
  EMPTY_NOT_FOUND,
  NO_CONTENT,
  type Request,
  type Row,
  serverError,
  TEXT_NOT_FOUND,
  unprocessable,
} from "./answer.ts";
import { type Context, isForeign, remove, requireUuid, rowsOf } from "./context.ts";
import { listAnswer } from "./list.ts";
import { checkRegistration } from "./registration-fields.ts";
import { flag, insert, requireReference, select, sid, type Table, text, update } from "./table.ts";

export const voipCarriers: Table = {
  name: "voip_carriers",
  key: "voip_carrier_sid",
  columns: {
    name: { longest: 64, notNull: true },
    description: text(255),
    account_sid: sid,
    service_provider_sid: sid,
    application_sid: sid,
    e164_leading_plus: flag(0),
    requires_register: flag(0),
    register_username: text(64),
    register_sip_realm: text(64),
    register_password: text(64),
    tech_prefix: text(16),
    inbound_auth_username: text(64),
    inbound_auth_password: text(64),
    diversion: text(32),
    is_active: flag(1),
    smpp_system_id: text(255),
    smpp_password: text(64),
    smpp_enquire_link_interval: { default: 0 },
    smpp_inbound_system_id: text(255),
    smpp_inbound_password: text(64),
    register_from_user: text(128),
    register_from_domain: text(255),
    register_public_ip_in_contact: flag(0),
    dtmf_type: { oneOf: ["rfc2833", "tones", "info"], default: "rfc2833", notNull: true },
    outbound_sip_proxy: text(255),
    trunk_type: { oneOf: ["static_ip", "auth", "reg"], default: "static_ip", notNull: true },
  },
};

/** `/VoipCarriers` (read: api-server lib/routes/api/voip-carriers.js) (seen live: jambonz-live, section 1). */
export function voipCarrierRoutes(context: Context, request: Request): Answer {
  const [, id] = request.path;
  if (id === undefined) return request.method === "POST" ? add(context, request) : list(context, request);
  if (request.method === "GET") return retrieve(context, request, id);
  if (request.method === "PUT") return put(context, request, id);
  return destroy(context, request, id);
}

/** Both ways to make one: `/Accounts/:sid/VoipCarriers` sets the service provider and checks nothing (read: api-server lib/routes/api/accounts.js). */
export function insertCarrier(context: Context, body: Row): Answer {
  if (!("name" in body)) throw badRequest("missing field name");
  requireReference(rowsOf(context.account, "applications"), "application_sid", body.application_sid);
  return created(insert(voipCarriers, rowsOf(context.account, "voip_carriers"), body));
}

function list(context: Context, request: Request): Answer {
  const rows = rowsOf(context.account, "voip_carriers").filter(
    (row) => !isForeign(context, request, row) || row.account_sid === null,
  );
  return listAnswer(rows.map(shown), request.query, "name", request.query.get("name"));
}

function retrieve(context: Context, request: Request, id: string): Answer {
  requireUuid(id);
  const row = find(context, id);
  if (row === undefined) return EMPTY_NOT_FOUND;
  if (isForeign(context, request, row)) throw badRequest("insufficient privileges");
  return { status: 200, body: shown(row) };
}

function add(context: Context, request: Request): Answer {
  const body = withAccount(context, request);
  checkApplication(context, body);
  checkRegistration(body);
  return insertCarrier(context, body);
}

function put(context: Context, request: Request, id: string): Answer {
  const body = withAccount(context, request);
  checkApplication(context, body);
  const row = find(context, id);
  requireOwn(context, request, row);
  checkRegistration(body, row);
  return update(voipCarriers, row, body) ? NO_CONTENT : TEXT_NOT_FOUND;
}

function destroy(context: Context, request: Request, id: string): Answer {
  const row = find(context, id);
  requireOwn(context, request, row);
  const { account } = context;
  if (account.phone_numbers.some((number) => number.voip_carrier_sid === id))
    throw unprocessable("cannot delete voip carrier with active phone numbers");
  account.sip_gateways = account.sip_gateways.filter((gateway) => gateway.voip_carrier_sid !== id);
  if (row === undefined) return TEXT_NOT_FOUND;
  remove(rowsOf(account, "voip_carriers"), row);
  return NO_CONTENT;
}

/** The server reads the row's account before it looks whether there is a row (read: api-server lib/routes/api/voip-carriers.js). */
function requireOwn(context: Context, request: Request, row: Row | undefined): void {
  if (request.scope !== "account") return;
  if (row === undefined) throw serverError("Cannot read properties of undefined (reading 'account_sid')");
  if (isForeign(context, request, row)) throw unprocessable("carrier belongs to a different user");
}

function withAccount({ account }: Context, { scope, body }: Request): Row {
  return scope === "account" ? { ...body, account_sid: account.account_sid } : { ...body };
}

function checkApplication({ account }: Context, body: Row): void {
  if (!body.application_sid) return;
  if (!body.account_sid) throw badRequest("account_sid missing");
  const application = account.applications.find((row) => row.application_sid === body.application_sid);
  if (application === undefined) throw badRequest("unknown application_sid");
  if (application.account_sid !== body.account_sid)
    throw badRequest("application_sid does not exist for specified account_sid");
}

function shown(row: Row): Row {
  return { ...select(voipCarriers, row), register_status: row.register_status ?? {} };
}

function find({ account }: Context, id: string): Row | undefined {
  return rowsOf(account, "voip_carriers").find((row) => row.voip_carrier_sid === id);
}
