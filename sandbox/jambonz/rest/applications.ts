import { own } from "@trunkline/contract";
import {
  type Answer,
  badRequest,
  created,
  EMPTY_NOT_FOUND,
  forbidden,
  NO_CONTENT,
  type Request,
  type Row,
  serverError,
  unprocessable,
} from "./answer.ts";
import { checkEnvVars } from "./app-environment.ts";
import { type Context, isForeign, remove, requireUuid, rowsOf } from "./context.ts";
import { listAnswer } from "./list.ts";
import { duplicate, flag, insert, select, sid, type Table, text, update } from "./table.ts";
import { HOOKS, newWebhook, putHook, requireUrl } from "./webhook-rows.ts";

const applications: Table = {
  name: "applications",
  key: "application_sid",
  columns: {
    name: { longest: 64, notNull: true },
    service_provider_sid: sid,
    account_sid: sid,
    app_json: {},
    speech_synthesis_vendor: { longest: 64, default: "google", notNull: true },
    speech_synthesis_language: { longest: 12, default: "en-US", notNull: true },
    speech_synthesis_voice: { longest: 256, default: "en-US-Standard-C" },
    speech_synthesis_label: text(64),
    speech_recognizer_vendor: { longest: 64, default: "google", notNull: true },
    speech_recognizer_language: { longest: 64, default: "en-US", notNull: true },
    speech_recognizer_label: text(64),
    use_for_fallback_speech: { default: 0, isFlag: true },
    fallback_speech_synthesis_vendor: text(64),
    fallback_speech_synthesis_language: text(12),
    fallback_speech_synthesis_voice: text(256),
    fallback_speech_synthesis_label: text(64),
    fallback_speech_recognizer_vendor: text(64),
    fallback_speech_recognizer_language: text(64),
    fallback_speech_recognizer_label: text(64),
    env_vars: {},
    record_all_calls: flag(0),
  },
};

/** `/Applications` (read: api-server lib/routes/api/applications.js) (seen live: jambonz-live, section 1). */
export async function applicationRoutes(context: Context, request: Request): Promise<Answer> {
  const [, id] = request.path;
  const { method } = request;
  if (id === undefined) return method === "POST" ? add(context, request) : list(context, request);
  requireUuid(id);
  if (method === "GET") return retrieve(context, request, id);
  if (method === "PUT") return put(context, request, id);
  return destroy(context, request, id);
}

function list(context: Context, request: Request): Answer {
  const rows = rowsOf(context.account, "applications").filter((row) => !isForeign(context, request, row));
  return listAnswer(rows.map(shown), request.query, "name", request.query.get("name"));
}

function retrieve(context: Context, request: Request, id: string): Answer {
  const row = find(context, id);
  if (row === undefined || isForeign(context, request, row)) return EMPTY_NOT_FOUND;
  return { status: 200, body: shown(row) };
}

async function add(context: Context, request: Request): Promise<Answer> {
  const body: Row = {
    ...request.body,
    ...(request.scope === "account" && { account_sid: context.account.account_sid }),
  };
  for (const name of ["call_hook", "call_status_hook"]) {
    const hook = own(body, name);
    if (hook && typeof hook !== "object") throw badRequest(`'${name}' must be an object when adding an application`);
    if (!hook) throw serverError("Cannot read properties of undefined (reading 'url')");
    requireUrl(name, (hook as Row).url);
  }
  const hooks = HOOKS.filter((name) => body[name]).map((name) => [name, newWebhook(body[name] as Row)] as const);
  await checkEnvVars(body.env_vars, (body.call_hook as Row).url);
  for (const name of ["name", "account_sid"]) if (!Object.hasOwn(body, name)) throw badRequest(`missing field ${name}`);
  requireFreeName(context, body.name);
  const id = insert(applications, rowsOf(context.account, "applications"), withoutHooks(body));
  Object.assign(find(context, id) ?? {}, {
    call_hook: null,
    call_status_hook: null,
    messaging_hook: null,
    ...Object.fromEntries(hooks),
  });
  return created(id);
}

async function put(context: Context, request: Request, id: string): Promise<Answer> {
  const row = find(context, id);
  if (request.scope === "account" && (row === undefined || isForeign(context, request, row)))
    throw forbidden("insufficient privileges");
  const { body } = request;
  for (const name of ["call_hook", "call_status_hook"])
    if (own(body, name)) requireUrl(name, (own(body, name) as Row).url);
  for (const name of HOOKS) {
    if (!Object.hasOwn(body, name)) continue;
    if (body[name] === null) throw serverError("Cannot convert undefined or null to object");
    if (row !== undefined) putHook(context, row, name, body[name] as Row);
  }
  const url = ((body.call_hook as Row | undefined)?.url ?? (row?.call_hook as Row | undefined)?.url) as string;
  await checkEnvVars(body.env_vars, url);
  requireFreeName(context, body.name, row);
  // A hook that is new counts as a column of its own, call_hook_sid: only then the rest may be empty.
  const rest = withoutHooks(body);
  const isNewHook = HOOKS.some(
    (name) => name in body && !("webhook_sid" in (body[name] as Row)) && Object.keys(body[name] as Row).length > 0,
  );
  if (isNewHook && Object.keys(rest).length === 0) return row === undefined ? EMPTY_NOT_FOUND : NO_CONTENT;
  return update(applications, row, rest) ? NO_CONTENT : EMPTY_NOT_FOUND;
}

function destroy(context: Context, request: Request, id: string): Answer {
  const row = find(context, id);
  if (row === undefined) {
    if (request.scope === "account") throw badRequest("application does not exist");
    throw serverError("Cannot destructure property 'call_hook_sid' of 'application[0]' as it is undefined.");
  }
  if (isForeign(context, request, row)) throw unprocessable("insufficient permissions");
  requireUnused(context, id);
  remove(rowsOf(context.account, "applications"), row);
  return NO_CONTENT;
}

function requireUnused({ account }: Context, id: string): void {
  if (account.phone_numbers.some((row) => row.application_sid === id))
    throw unprocessable("cannot delete application with phone numbers");
  const isUsed = account.voip_carriers.some((row) => row.application_sid === id);
  if (isUsed || account.device_calling_application_sid === id)
    throw serverError("Cannot delete or update a parent row: a foreign key constraint fails");
}

function requireFreeName({ account }: Context, name: unknown, own?: Row): void {
  const isTaken = rowsOf(account, "applications").some((row) => row !== own && row.name === name);
  if (isTaken) throw duplicate(`${account.account_sid}-${name}`, "applications.applications_idx_name");
}

function withoutHooks(body: Row): Row {
  return Object.fromEntries(Object.entries(body).filter(([name]) => !HOOKS.some((hook) => hook === name)));
}

/** Hooks nested with their passwords in clear; one that is not set is null, no `…_hook_sid` is told (read: api-server lib/models/application.js). */
function shown(row: Row): Row {
  return { ...select(applications, row), ...Object.fromEntries(HOOKS.map((name) => [name, row[name] ?? null])) };
}

function find({ account }: Context, id: string): Row | undefined {
  return rowsOf(account, "applications").find((row) => row.application_sid === id);
}
