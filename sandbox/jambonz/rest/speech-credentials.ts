import { randomUUID } from "node:crypto";
import { own } from "@trunkline/contract";
import type { SpeechCredentialRow } from "../account.ts";
import {
  type Answer,
  created,
  forbidden,
  NO_CONTENT,
  type Request,
  type Row,
  serverError,
  TEXT_NOT_FOUND,
  unprocessable,
} from "./answer.ts";
import { type Context, isForeign, remove, requireUuid, rowsOf } from "./context.ts";

/** What each vendor cannot do without; `custom:<name>` needs nothing. */
const NEEDED = new Map([
  ["google", ["service_key"]],
  ["aws", ["access_key_id", "secret_access_key", "aws_region"]],
  ["microsoft", ["region", "api_key"]],
  ["wellsaid", ["api_key"]],
  ["deepgram", ["api_key"]],
  ["soniox", ["api_key"]],
  ["assemblyai", ["api_key"]],
  ["elevenlabs", ["api_key", "model_id"]],
  ["whisper", ["api_key", "model_id"]],
  ["ibm", []],
]);
const SECRETS = /^(service_key|api_key|secret_access_key|secret|auth_token|stt_api_key|tts_api_key)$/;
const OWN_COLUMNS = new Set(["vendor", "label", "use_for_tts", "use_for_stt", "account_sid", "service_provider_sid"]);

/** `/SpeechCredentials`, also below an account (read: api-server lib/routes/api/speech-credentials.js) (seen live: jambonz-live, section 11). */
export function speechCredentialRoutes(context: Context, request: Request): Answer {
  const { method, path } = request;
  const [, id, part] = path;
  const rows = rowsOf(context.account, "speech_credentials");
  if (id === undefined) return method === "POST" ? post(context, request) : list(context, request, rows);
  requireUuid(id);
  const row = rows.find((one) => one.speech_credential_sid === id);
  if (row === undefined) return TEXT_NOT_FOUND;
  if (isForeign(context, request, row)) throw forbidden("Insufficient privileges");
  if (part === "test") return { status: 200, body: tested(row) };
  if (method === "GET") return { status: 200, body: shown(row) };
  if (method === "PUT") return put(row, request.body);
  remove(rows, row);
  return NO_CONTENT;
}

function list(context: Context, request: Request, rows: readonly Row[]): Answer {
  const reachable = rows.filter((row) => row.account_sid === null || !isForeign(context, request, row));
  return { status: 200, body: reachable.map(shown) };
}

/** A label is taken once for each vendor; without one, as often as somebody asks. */
function post({ account }: Context, { body }: Request): Answer {
  const { vendor, label } = body;
  const isTaken = account.speech_credentials.some((row) => label && row.vendor === vendor && row.label === label);
  if (isTaken) throw unprocessable(`Label ${String(label)} is already in use for another speech credential`);
  const credential = Object.fromEntries(Object.entries(body).filter(([name]) => !OWN_COLUMNS.has(name)));
  requireCredential(String(vendor), credential);
  const row: SpeechCredentialRow = {
    speech_credential_sid: randomUUID(),
    account_sid: account.account_sid,
    service_provider_sid: account.service_provider_sid,
    vendor: String(vendor),
    label: typeof label === "string" && label !== "" ? label : null,
    use_for_tts: body.use_for_tts ? 1 : 0,
    use_for_stt: body.use_for_stt ? 1 : 0,
    tts_tested_ok: null,
    stt_tested_ok: null,
    credential,
  };
  account.speech_credentials.push(row);
  return created(row.speech_credential_sid);
}

/** An assertion that fails is 500. */
function requireCredential(vendor: string, credential: Row): void {
  const needed = vendor.startsWith("custom:") ? [] : NEEDED.get(vendor);
  if (needed === undefined) throw serverError(`invalid or missing vendor: ${vendor}`);
  const missing = needed.find((name) => !own(credential, name));
  if (missing !== undefined) throw serverError(`invalid ${vendor} speech credential: ${missing} is required`);
  if (vendor === "google" && !isServiceKey(credential.service_key))
    throw serverError("invalid google service account key - not JSON");
}

function isServiceKey(text: unknown): boolean {
  try {
    const { client_email, private_key } = JSON.parse(String(text));
    return Boolean(client_email && private_key);
  } catch {
    return false;
  }
}

/** Keys cannot be changed: whoever has another one deletes the row and makes a new one. */
function put(row: Row, { use_for_tts, use_for_stt }: Row): Answer {
  if (use_for_tts === undefined && use_for_stt === undefined)
    throw unprocessable("use_for_tts and use_for_stt are the only updateable fields");
  if (use_for_tts !== undefined) row.use_for_tts = use_for_tts ? 1 : 0;
  if (use_for_stt !== undefined) row.use_for_stt = use_for_stt ? 1 : 0;
  return NO_CONTENT;
}

/** Vendors of the user's own are not tested. */
function tested(row: Row): Row {
  const isTested = !String(row.vendor).startsWith("custom:");
  const status = (column: string, isUsed: unknown) => {
    if (!isTested || !isUsed) return { status: "not tested" };
    Object.assign(row, Object.fromEntries([[column, 1]]));
    return { status: "ok" };
  };
  return { tts: status("tts_tested_ok", row.use_for_tts), stt: status("stt_tested_ok", row.use_for_stt) };
}

/** The keys are masked: of each the first characters stay (read: api-server lib/utils/encrypt-decrypt.js obscureKey). */
function shown({ credential, ...row }: Row): Row {
  const held = Object.entries((credential ?? {}) as Row);
  const masked = held.map(([name, value]) => [name, SECRETS.test(name) ? obscured(String(value)) : value]);
  return { ...row, ...Object.fromEntries(masked) };
}

const SHOWN = 6;
function obscured(key: string): string {
  return key.length <= SHOWN ? key : key.slice(0, SHOWN).padEnd(key.length, "X");
}
