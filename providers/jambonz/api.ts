import { setTimeout as sleep } from "node:timers/promises";
import {
  AnswerError,
  type Answered,
  jsonOf,
  looseJson,
  reasonOf,
  send as sendOut,
  shortReason,
} from "@trunkline/contract/outgoing";
import type { z } from "zod";
import { atMost, outlastsStep } from "../dynamic/deadline.ts";
import { TrunklineError } from "../dynamic/errors.ts";
import { JAMBONZ_RETRY, type JambonzOutcome, jambonzDelay } from "./retry.ts";
import { secretsOf, withoutSecrets } from "./secrets.ts";

const REQUEST_TIMEOUT_MS = 15_000;

export interface JambonzRequest {
  method: "GET" | "POST" | "PUT" | "DELETE";
  /** Behind `/v1`, with a leading slash. */
  path: string;
  body?: Readonly<Record<string, unknown>>;
}

/** What a request expects to be answered. */
export interface Expected<T> {
  schema: z.ZodType<T>;
  /** In words, for errors: `a list of applications`. */
  expected: string;
}

interface Answer extends JambonzOutcome {
  answered?: Answered;
  /** What an error says. */
  said: string;
}

/**
 * One request to jambonz' REST API.
 * @param expected undefined: an answer without a body (204)
 * @returns the answer's JSON, undefined for 404 and where none is expected.
 * @throws ENVIRONMENT_MISMATCH (401), API_UNREACHABLE, ANSWER_INVALID, API_REFUSED.
 */
export async function jambonzRequest<T = undefined>(
  host: string,
  key: string,
  request: JambonzRequest,
  expected?: Expected<T>,
): Promise<T | undefined> {
  const startedAt = performance.now();
  for (let number = 1; ; ) {
    const answer = await send(host, key, request);
    const { answered } = answer;
    if (answered?.ok)
      return typed(() => (expected ? jsonOf(answered, expected.schema, expected.expected) : requireEmpty(answered)));
    if (answered?.status === 404) return typed(() => notFound(answered));
    // A POST makes something anew each time; a DELETE's second answer would be the error for an unknown row.
    const isIdempotent = request.method === "GET" || request.method === "PUT";
    const delay = jambonzDelay(answer, { number, elapsedMs: performance.now() - startedAt, isIdempotent });
    if (delay === undefined || outlastsStep(delay)) throw failure(host, key, request, answer);
    await sleep(delay + (answer.status === 429 ? Math.random() * JAMBONZ_RETRY.spreadMs : 0));
    if (answer.status !== 429) number += 1;
  }
}

async function send(host: string, key: string, { method, path, body }: JambonzRequest): Promise<Answer> {
  try {
    const answered = await sendOut(new URL(`${host}/v1${path}`), {
      method,
      headers: { authorization: `Bearer ${key}`, ...(body && { "content-type": "application/json" }) },
      ...(body && { body: JSON.stringify(body) }),
      deadlineMs: atMost(REQUEST_TIMEOUT_MS),
    });
    const { status, headers, text } = answered;
    return { status, resetSeconds: resetOf(headers), answered, said: errorOf(text) };
  } catch (cause) {
    if (cause instanceof AnswerError) throw invalid(cause);
    return { said: reasonOf(cause) };
  }
}

/** Seconds until the window ends: `RateLimit-Reset` (express-rate-limit), or `Retry-After`. */
function resetOf(headers: Headers): number | undefined {
  const seconds = ["ratelimit-reset", "retry-after"].map((name) => Number(headers.get(name) ?? Number.NaN));
  const known = seconds.filter((value) => Number.isFinite(value));
  return known.length > 0 ? Math.max(...known) : undefined;
}

/** `{msg}`, or a text. */
function errorOf(text: string): string {
  const said = (looseJson(text) as { msg?: unknown } | null | undefined)?.msg;
  return (typeof said === "string" ? said : text) || "no reason given";
}

/** A change is answered 204. Anything with a body is from something else, and nothing was changed (api-server lib/routes/api). */
function requireEmpty(answered: Answered): undefined {
  if (answered.text.trim() !== "")
    throw new AnswerError(answered, "204 without a body", `${answered.status} with a body`);
}

/** A missing row is told with nothing, `Not Found` or `{msg}`; a page says that there is no such API (api-server lib/routes). */
function notFound(answered: Answered): undefined {
  if (/^\s*</.test(answered.text)) throw new AnswerError(answered, "a row, or 404 of the API", "404 with an HTML page");
}

/** @throws TrunklineError ANSWER_INVALID */
function typed<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw cause instanceof AnswerError ? invalid(cause) : cause;
  }
}

function invalid({ code, message }: AnswerError): TrunklineError {
  return new TrunklineError(code, message.replace(`${code}: `, ""));
}

function failure(host: string, key: string, { method, path, body }: JambonzRequest, answer: Answer): TrunklineError {
  const said = shortReason(withoutSecrets(answer.said, [key, ...secretsOf(body)]));
  const what = `${method} ${withoutQuery(path)}`;
  if (answer.status === undefined)
    return new TrunklineError(
      "API_UNREACHABLE",
      `No answer from the Jambonz API at ${host} to ${what} (${said}). Is the host right, is it up?`,
    );
  if (answer.status === 401)
    return new TrunklineError(
      "ENVIRONMENT_MISMATCH",
      `JAMBONZ_API_KEY is no key of the Jambonz API at ${host}, to which this stack is bound. Nothing was changed. Set a key of that server.`,
    );
  if (answer.status === 429)
    return new TrunklineError(
      "API_REFUSED",
      `The Jambonz API at ${host} lets no more requests through (429), also after waiting. Run it again later.`,
    );
  return new TrunklineError(
    "API_REFUSED",
    `The Jambonz API at ${host} answered ${what} with ${answer.status}: ${said}.`,
  );
}

const withoutQuery = (path: string) => path.split("?")[0] ?? "";
