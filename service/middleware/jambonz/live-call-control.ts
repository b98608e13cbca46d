import { AnswerError, type Answered, reasonOf, send, shortReason } from "@trunkline/contract/outgoing";
import { clockMs } from "@trunkline/shared";

/** Where live call control is, and the account's key for it. */
export interface LiveCallSettings {
  /** Address of jambonz' REST API without `/v1`: `https://jambonz.example.com`, `https://jambonz.cloud/api`. */
  readonly url: string;
  /** A key of the account. jambonz has none that can only move calls: this one also reads passwords and places calls. */
  readonly key: string;
}

/** What became of a request: `asked` = jambonz will ask the hook · `gone` = it has no such call any more. */
export type Moved = "asked" | "gone";

export type LiveCallErrorCode = "LIVE_CALL_LIMITED" | "LIVE_CALL_REFUSED" | "LIVE_CALL_UNREACHABLE";

/** A call could not be moved. */
export class LiveCallError extends Error {
  readonly code: LiveCallErrorCode;
  /** How long not to ask again, ms. */
  readonly retryAfterMs: number;
  constructor(code: LiveCallErrorCode, message: string, retryAfterMs = 0) {
    super(message);
    this.name = "LiveCallError";
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}

/** Seen: 202 after 7 to 108 ms (jambonz-live, section 10). */
const TIMEOUT_MS = 2_000;
/** jambonz' own window, for a 429 that does not say when it ends. */
const WINDOW_SECONDS = 300;
const LONGEST_BACK_OFF_SECONDS = 600;

/** Moves calls under way, over jambonz' REST API (jambonz-live, section 10). Never lists calls: everybody shares 600 requests in 5 minutes. */
export class LiveCallControl {
  readonly #settings: LiveCallSettings;
  #closedUntil = 0;

  constructor(settings: LiveCallSettings) {
    this.#settings = settings;
  }

  /**
   * Has jambonz ask another hook for this call's verbs, which take the place of all it is doing. A relative hook is one of the application's
   * origin; it is asked 3 to 80 ms later.
   * @throws LiveCallError; while jambonz refuses with 429, without a request.
   */
  async move(accountSid: string, callSid: string, hook: string): Promise<Moved> {
    const waitMs = this.#closedUntil - clockMs();
    if (waitMs > 0) throw limited(waitMs);
    const path = accountPath(accountSid);
    const answer = await this.#ask("PUT", `${path}/Calls/${encodeURIComponent(callSid)}`, { call_hook: hook });
    const { ok, status, headers, text } = answer;
    if (ok) return "asked";
    if (status === 422 || (status === 404 && (await this.#isThere(path)))) return "gone";
    if (status !== 429)
      throw new LiveCallError("LIVE_CALL_REFUSED", `${this.#where} answered ${status}: ${shortReason(text)}`);
    const backOffMs = backOffMsOf(headers);
    this.#closedUntil = clockMs() + backOffMs;
    throw limited(backOffMs);
  }

  get #where(): string {
    return new URL(this.#settings.url).host;
  }

  /** A wrong address, or an account that is not the key's, answers 404 as a call does that is over. */
  async #isThere(account: string): Promise<boolean> {
    const { ok, headers } = await this.#ask("GET", account);
    return ok && /\bjson\b/.test(headers.get("content-type") ?? "");
  }

  async #ask(method: "GET" | "PUT", path: string, body?: object): Promise<Answered> {
    const { url, key } = this.#settings;
    const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
    try {
      return await send(new URL(url + path), {
        method,
        headers,
        ...(body && { body: JSON.stringify(body) }),
        deadlineMs: TIMEOUT_MS,
      });
    } catch (cause) {
      const reason = cause instanceof AnswerError ? cause.message : reasonOf(cause);
      throw new LiveCallError("LIVE_CALL_UNREACHABLE", `${this.#where} did not answer: ${reason}`);
    }
  }
}

function accountPath(accountSid: string): string {
  return `/v1/Accounts/${encodeURIComponent(accountSid)}`;
}

function limited(retryAfterMs: number): LiveCallError {
  const seconds = Math.ceil(retryAfterMs / 1_000);
  return new LiveCallError("LIVE_CALL_LIMITED", `jambonz takes no more requests for ${seconds} s (429)`, retryAfterMs);
}

/** `RateLimit-Reset` (express-rate-limit), or `Retry-After`. */
function backOffMsOf(headers: Headers): number {
  const told = ["ratelimit-reset", "retry-after"].map((name) => Number(headers.get(name) ?? Number.NaN));
  const seconds = told.find((value) => Number.isFinite(value)) ?? WINDOW_SECONDS;
  return Math.min(Math.max(seconds, 1), LONGEST_BACK_OFF_SECONDS) * 1_000;
}
