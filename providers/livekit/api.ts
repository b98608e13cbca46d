import { setTimeout as sleep } from "node:timers/promises";
import {
  AnswerError,
  livekitAnswer,
  looseJson,
  reasonOf,
  send as sendOut,
  shortReason,
} from "@trunkline/contract/outgoing";
import type { VideoGrant } from "livekit-server-sdk";
import { atMost, outlastsStep } from "../dynamic/deadline.ts";
import { TrunklineError } from "../dynamic/errors.ts";
import { hostKey, type LiveKitCredentials } from "./environment.ts";
import { type Outcome, retryDelay } from "./retry.ts";
import { sdk } from "./sdk.ts";

const REQUEST_TIMEOUT_MS = 10_000;

export interface SipRequest {
  /** A method of LiveKit's SIP service, such as `ListSIPOutboundTrunk`. */
  method: string;
  /** Another service than `SIP`, with the video grant it needs. */
  service?: { name: "RoomService" | "AgentDispatchService"; grant: VideoGrant };
  /** Its message as protobuf JSON. */
  body: unknown;
  /** Whether sending it twice is the same as sending it once. Only then is it repeated. */
  idempotent: boolean;
}

type Answer = Outcome & { ok: boolean; body: Record<string, unknown> };

/**
 * One request to LiveKit's SIP API. The SDK's own client is not used for this: its create calls leave out some of
 * the fields a trunk has (attributes to headers, From host), and it repeats requests that are not idempotent.
 * @returns the response's JSON; undefined when the object does not exist (404).
 * @throws ENVIRONMENT_MISMATCH (401), API_UNREACHABLE, ANSWER_INVALID, API_REFUSED.
 */
export async function sipRequest(
  host: string,
  credentials: LiveKitCredentials,
  request: SipRequest,
): Promise<Record<string, unknown> | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await send(host, credentials, request);
    if (answer.ok) return answer.body;
    if (answer.status === 401 && credentials.previous) return sipRequest(host, credentials.previous, request);
    if (answer.status === 404 && answer.body.code === "not_found") return undefined;
    const delay = request.idempotent ? retryDelay(attempt, answer) : undefined;
    if (delay === undefined || outlastsStep(delay)) throw failure(host, request, answer, credentials);
    await sleep(delay);
  }
}

/** @throws TrunklineError ANSWER_INVALID: repeating the request would not help */
async function send(host: string, credentials: LiveKitCredentials, request: SipRequest): Promise<Answer> {
  const { method, body, service } = request;
  const url = new URL(`/twirp/livekit.${service?.name ?? "SIP"}/${method}`, host.replace(/^ws/, "http"));
  const token = await adminToken(credentials, service?.grant);
  const headers = { "content-type": "application/json", authorization: `Bearer ${token}` };
  const messages = sdk();
  try {
    const answer = await sendOut(url, {
      method: "POST",
      headers,
      body: JSON.stringify(body),
      deadlineMs: atMost(REQUEST_TIMEOUT_MS),
    });
    const { ok, status, text } = answer;
    const retryAfterSeconds = Number(answer.headers.get("retry-after") ?? Number.NaN) || undefined;
    return {
      ok,
      status,
      retryAfterSeconds,
      body: ok ? livekitAnswer(answer, method, body, messages) : errorBody(text),
    };
  } catch (cause) {
    if (cause instanceof AnswerError) throw invalid(cause);
    return { ok: false, body: { msg: reasonOf(cause) } };
  }
}

async function adminToken({ apiKey, apiSecret }: LiveKitCredentials, grant?: VideoGrant): Promise<string> {
  const token = new (sdk().AccessToken)(apiKey, apiSecret, { ttl: "5m" });
  if (grant === undefined) token.addSIPGrant({ admin: true });
  else token.addGrant(grant);
  return token.toJwt();
}

/** Twirp's errors: `{code, msg}`. */
function errorBody(text: string): Record<string, unknown> {
  const value = looseJson(text);
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

/** The same error as one of ours, which the engine shows without a stack. */
function invalid({ code, message }: AnswerError): TrunklineError {
  return new TrunklineError(code, message.replace(`${code}: `, ""));
}

function failure(
  host: string,
  { method }: SipRequest,
  answer: Answer,
  credentials: LiveKitCredentials,
): TrunklineError {
  const said = shortReason(withoutSecrets(String(answer.body.msg ?? "no reason given"), credentials));
  const where = `the LiveKit project at ${hostKey(host)}`;
  if (answer.status === undefined)
    return new TrunklineError(
      "API_UNREACHABLE",
      `No usable answer from ${where} to ${method} (${said}). Is the host right, is it up?`,
    );
  if (answer.status === 401)
    return new TrunklineError(
      "ENVIRONMENT_MISMATCH",
      `LIVEKIT_API_KEY and LIVEKIT_API_SECRET are not a key of ${where}, to which this stack is bound. Nothing was changed. Set the keys of that project; of one that the stack leaves: LIVEKIT_PREVIOUS_API_KEY and LIVEKIT_PREVIOUS_API_SECRET.`,
    );
  return new TrunklineError("API_REFUSED", `${where} answered ${method} with ${answer.status}: ${said}.`);
}

function withoutSecrets(text: string, { apiKey, apiSecret }: LiveKitCredentials): string {
  return text.replaceAll(apiSecret, "[hidden]").replaceAll(apiKey, "[key]");
}
