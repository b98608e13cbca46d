import { setTimeout as sleep } from "node:timers/promises";
import { messageOf, TrunklineError } from "../dynamic/errors.ts";
import { JAMBONZ_RETRY, type JambonzOutcome, jambonzDelay } from "./retry.ts";
import { secretsOf, withoutSecrets } from "./secrets.ts";

const REQUEST_TIMEOUT_MS = 15_000;

export interface JambonzRequest {
  method: "GET" | "POST" | "PUT" | "DELETE";
  /** Behind `/v1`, with a leading slash. */
  path: string;
  body?: Readonly<Record<string, unknown>>;
}

interface Answer extends JambonzOutcome {
  /** JSON, undefined when it is none. */
  body?: unknown;
  /** What an error says. */
  said: string;
}

/**
 * One request to jambonz' REST API.
 * @returns the answer's JSON, undefined for 404 and for an answer without a body.
 * @throws ENVIRONMENT_MISMATCH (401), API_UNREACHABLE, API_REFUSED.
 */
export async function jambonzRequest(host: string, key: string, request: JambonzRequest): Promise<unknown> {
  const startedAt = Date.now();
  for (let number = 1; ; ) {
    const answer = await send(host, key, request);
    if (answer.status !== undefined && answer.status < 300) return usable(host, request, answer);
    if (answer.status === 404) return undefined;
    // A POST makes something anew each time; a DELETE's second answer would be the error for an unknown row.
    const isIdempotent = request.method === "GET" || request.method === "PUT";
    const delay = jambonzDelay(answer, { number, elapsedMs: Date.now() - startedAt, isIdempotent });
    if (delay === undefined) throw failure(host, key, request, answer);
    await sleep(delay + (answer.status === 429 ? Math.random() * JAMBONZ_RETRY.spreadMs : 0));
    if (answer.status !== 429) number += 1;
  }
}

async function send(host: string, key: string, { method, path, body }: JambonzRequest): Promise<Answer> {
  try {
    const response = await fetch(`${host}/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, ...(body && { "content-type": "application/json" }) },
      ...(body && { body: JSON.stringify(body) }),
      redirect: "error", // a redirect would take the key elsewhere
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
    const text = await response.text();
    return { status: response.status, resetSeconds: resetOf(response.headers), ...read(text) };
  } catch (cause) {
    return { said: reasonOf(cause) };
  }
}

/** Seconds until the window ends: `RateLimit-Reset` (express-rate-limit), or `Retry-After`. */
function resetOf(headers: Headers): number | undefined {
  const seconds = ["ratelimit-reset", "retry-after"].map((name) => Number(headers.get(name) ?? Number.NaN));
  const known = seconds.filter((value) => Number.isFinite(value));
  return known.length > 0 ? Math.max(...known) : undefined;
}

function read(text: string): { body?: unknown; said: string } {
  try {
    const body: unknown = JSON.parse(text);
    const said = (body as { msg?: unknown } | null)?.msg;
    return { body, said: typeof said === "string" ? said : "no reason given" };
  } catch {
    return { said: text.slice(0, 200) || "no reason given" };
  }
}

/** A 200 whose body is no JSON comes from something else than jambonz. 201 and 204 are taken as they are. */
function usable(host: string, { method, path }: JambonzRequest, { status, body }: Answer): unknown {
  if (status !== 200 || body !== undefined || method === "PUT" || method === "DELETE") return body;
  throw new TrunklineError(
    "API_UNREACHABLE",
    `What answers at ${host} is no Jambonz API: ${method} ${withoutQuery(path)} gave no JSON. Is the host right?`,
  );
}

function failure(host: string, key: string, { method, path, body }: JambonzRequest, answer: Answer): TrunklineError {
  const said = withoutSecrets(answer.said, [key, ...secretsOf(body)]);
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

const withoutQuery = (path: string) => path.replace(/\?.*$/, "");

/** `fetch failed` alone says nothing: the reason is in its cause. */
function reasonOf(cause: unknown): string {
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  const code = (inner as { code?: unknown }).code;
  return typeof code === "string" ? code : messageOf(inner);
}
