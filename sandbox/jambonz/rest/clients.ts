import { type Answer, badRequest, created, NO_CONTENT, type Request, type Row, TEXT_NOT_FOUND } from "./answer.ts";
import { type Context, isForeign, remove, rowsOf } from "./context.ts";
import { flag, insert, select, sid, type Table, text, update } from "./table.ts";

const clients: Table = {
  name: "clients",
  key: "client_sid",
  columns: {
    account_sid: { ...sid, notNull: true },
    is_active: flag(1),
    username: text(64),
    password: text(1_024),
    allow_direct_app_calling: flag(1),
    allow_direct_queue_calling: flag(1),
    allow_direct_user_calling: flag(1),
  },
};

/** `/Clients` (read: api-server lib/routes/api/clients.js) (seen live: jambonz-live, section 1). */
export function clientRoutes(context: Context, request: Request): Answer {
  const { method, path } = request;
  const rows = rowsOf(context.account, "clients");
  const id = path[1];
  if (id === undefined && method === "GET")
    return { status: 200, body: rows.filter((row) => !isForeign(context, request, row)).map(shown) };
  const row = rows.find((one) => one.client_sid === id);
  if (method === "GET")
    return row && !isForeign(context, request, row) ? { status: 200, body: shown(row) } : TEXT_NOT_FOUND;
  if (method === "POST" || method === "PUT") return write(context, request, row);
  if (row === undefined) return TEXT_NOT_FOUND;
  remove(rows, row);
  return NO_CONTENT;
}

function write({ account }: Context, { method, scope, body: given }: Request, row: Row | undefined): Answer {
  const body: Row = { ...given, ...(scope === "account" && { account_sid: account.account_sid }) };
  const twin = account.clients.find((one) => one.username === body.username);
  if (twin && twin.client_sid !== row?.client_sid) throw badRequest("the client's username already exists");
  if (method === "POST") return created(insert(clients, rowsOf(account, "clients"), body));
  return update(clients, row, body) ? NO_CONTENT : TEXT_NOT_FOUND;
}

/** All of the password but its first character is hidden (read: api-server lib/utils/encrypt-decrypt.js obscureKey) (seen live: jambonz-live, section 1). */
function shown(row: Row): Row {
  const password = String(row.password ?? "");
  return {
    ...select(clients, row),
    password: password.length <= 1 ? password : password.slice(0, 1).padEnd(password.length, "X"),
  };
}
