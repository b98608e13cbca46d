import type { LiveCalls } from "../live-calls.ts";
import type { HookReference } from "../webhooks/requestor.ts";
import { type Answer, badRequest, type Request, type Row, TEXT_NOT_FOUND } from "./answer.ts";

const OPTIONS = [
  "call_hook",
  "child_call_hook",
  "call_status",
  "listen_status",
  "conf_hold_status",
  "conf_mute_status",
  "mute_status",
  "dtmf",
  "record",
  "sip_request",
];

/**
 * `PUT` or `POST /Accounts/:sid/Calls/:callSid`, live call control: exactly one change at a time (seen live: jambonz-live, section 10). Only
 * `call_hook` and `call_status` are played (own: nothing else is used).
 */
export function callRoutes(live: LiveCalls | undefined, { method, path, body }: Request): Answer {
  const [, , , callSid] = path;
  if (live === undefined || callSid === undefined || !["PUT", "POST"].includes(method)) return TEXT_NOT_FOUND;
  const given = OPTIONS.filter((option) => Object.hasOwn(body, option));
  if (given.length > 1) throw badRequest(`only one of ${given.join(", ")} may be updated at once`);
  const hook = hookOf(body);
  if (hook !== undefined) return accepted(live.update(callSid, { call_hook: hook }));
  const { call_status: status } = body;
  if (status === "completed" || status === "no-answer") return accepted(live.update(callSid, { call_status: status }));
  throw badRequest(`invalid update: ${given[0] ?? "nothing to change"}`);
}

function hookOf({ call_hook: hook }: Row): HookReference | undefined {
  if (hook === undefined) return undefined;
  if (typeof hook === "string" && hook !== "") return hook;
  const { url, method } = (hook ?? {}) as { url?: unknown; method?: unknown };
  if (typeof url !== "string") throw badRequest("call_hook must be a string or an object with a url");
  return { url, ...(typeof method === "string" && { method }) };
}

function accepted(status: number): Answer {
  return { status, body: { 202: "Accepted", 404: "Not Found", 422: "Unprocessable Entity" }[status] };
}
