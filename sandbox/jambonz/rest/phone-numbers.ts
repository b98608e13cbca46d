import {
  type Answer,
  badRequest,
  created,
  EMPTY_NOT_FOUND,
  forbidden,
  NO_CONTENT,
  type Request,
  type Row,
  TEXT_NOT_FOUND,
} from "./answer.ts";
import { type Context, isForeign, remove, requireUuid, rowsOf } from "./context.ts";
import { listAnswer } from "./list.ts";
import { duplicate, insert, requireReference, select, sid, type Table, update } from "./table.ts";

const phoneNumbers: Table = {
  name: "phone_numbers",
  key: "phone_number_sid",
  columns: {
    number: { longest: 132, notNull: true },
    voip_carrier_sid: sid,
    account_sid: sid,
    application_sid: sid,
    service_provider_sid: sid,
  },
};

/** `/PhoneNumbers` (read: api-server lib/routes/api/phone-numbers.js) (seen live: jambonz-live, section 1). */
export function phoneNumberRoutes(context: Context, request: Request): Answer {
  const [, id] = request.path;
  if (id === undefined) return request.method === "POST" ? add(context, request) : list(context, request);
  if (request.method === "GET") return retrieve(context, request, id);
  if (request.method === "PUT") return put(context, request, id);
  return destroy(context, request, id);
}

function list(context: Context, request: Request): Answer {
  const rows = rowsOf(context.account, "phone_numbers").filter((row) => !isForeign(context, request, row));
  const shown = rows.map((row) => select(phoneNumbers, row));
  return listAnswer(shown, request.query, "number", request.query.get("filter"));
}

function retrieve(context: Context, request: Request, id: string): Answer {
  requireUuid(id);
  const row = find(context, id);
  if (row === undefined || isForeign(context, request, row)) return EMPTY_NOT_FOUND;
  return { status: 200, body: select(phoneNumbers, row) };
}

function add(context: Context, { scope, body: given }: Request): Answer {
  const { account } = context;
  const body: Row = { ...given, ...(scope === "account" && { account_sid: account.account_sid }) };
  if (!body.number) throw badRequest("number is required");
  if (/\s/.test(String(body.number))) throw badRequest("number cannot contain whitespace");
  body.number = String(body.number).replace(/^\+/, "");
  checkCarrier(context, body);
  requireReference(rowsOf(account, "applications"), "application_sid", body.application_sid);
  const isTaken = account.phone_numbers.some(
    (row) => row.number === body.number && row.voip_carrier_sid === body.voip_carrier_sid,
  );
  if (isTaken)
    throw duplicate(
      `${body.number}-${body.voip_carrier_sid}`,
      "phone_numbers.phone_numbers_unique_idx_voip_carrier_number",
    );
  return created(insert(phoneNumbers, rowsOf(account, "phone_numbers"), body));
}

function checkCarrier({ account }: Context, body: Row): void {
  if (!body.voip_carrier_sid) return;
  const carrier = account.voip_carriers.find((row) => row.voip_carrier_sid === body.voip_carrier_sid);
  if (carrier === undefined) throw badRequest(`voip_carrier not found for sid ${body.voip_carrier_sid}`);
  if (carrier.account_sid && body.account_sid && body.account_sid !== carrier.account_sid)
    throw badRequest("voip_carrier_sid does not belong to the account");
}

function put(context: Context, request: Request, id: string): Answer {
  const { body } = request;
  if (body.voip_carrier_sid) throw badRequest("voip_carrier_sid may not be modified");
  if (body.number) throw badRequest("number may not be modified");
  const row = find(context, id);
  if (row !== undefined && isForeign(context, request, row)) throw forbidden("insufficient privileges");
  requireReference(rowsOf(context.account, "applications"), "application_sid", body.application_sid);
  return update(phoneNumbers, row, body) ? NO_CONTENT : TEXT_NOT_FOUND;
}

function destroy(context: Context, request: Request, id: string): Answer {
  const row = find(context, id);
  if (row === undefined) return TEXT_NOT_FOUND;
  if (isForeign(context, request, row)) throw forbidden("insufficient privileges");
  remove(rowsOf(context.account, "phone_numbers"), row);
  return NO_CONTENT;
}

function find({ account }: Context, id: string): Row | undefined {
  return rowsOf(account, "phone_numbers").find((row) => row.phone_number_sid === id);
}
