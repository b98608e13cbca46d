import { HOOK_TIMEOUT, sleep } from "../timing.ts";
import { type HttpAnswer, send } from "./http.ts";
import { backOffs, type Failure, retryPolicyOf, shouldRetry } from "./retry-policy.ts";
import { signatureHeader } from "./signer.ts";

const ACCEPTED = [200, 202, 204];

/** A hook as a verb names it: a URL or path, or an object with a method. */
export type HookReference = string | { url: string; method?: string };

/** One try of a webhook, for the sandbox's event log. */
export interface HookTry {
  url: string;
  attempt: number;
  ms: number;
  status?: number;
  error?: string;
}

export interface RequestorOptions {
  /** The hook whose origin relative references belong to; its basic auth goes with every request. */
  hook: { url: string; username?: string | null; password?: string | null };
  secret: string;
  /** Default 10 s. */
  timeoutMs?: number;
  onTry?: (hookTry: HookTry) => void;
}

/** A webhook that was not answered as jambonz accepts it. Its message is what `X-Reason` carries. */
class HookError extends Error {
  readonly code = "HOOK_FAILED";
  readonly failure: Failure;
  constructor(message: string, failure: Failure) {
    super(message);
    this.name = "HookError";
    this.failure = failure;
  }
}

interface Target {
  origin: string;
  path: string;
}

/** Sends the webhooks of one call (read: feature-server lib/utils/http-requestor.js). */
export class Requestor {
  readonly #options: RequestorOptions;
  readonly #origin: string;
  readonly #auth: Record<string, string>;

  constructor(options: RequestorOptions) {
    this.#options = options;
    this.#origin = new URL(options.hook.url).origin;
    this.#auth = basicAuth(options.hook.username, options.hook.password);
  }

  /** Whether an absolute URL has the hook's origin. */
  isAt(url: string): boolean {
    return new URL(url).origin === this.#origin;
  }

  /**
   * Posts `payload` and returns the parsed JSON answer; "" where the answer is no JSON.
   * A GET hook carries no payload at all. Throws HookError when the last try failed.
   */
  async request(reference: HookReference, payload: object): Promise<unknown> {
    const url = typeof reference === "string" ? reference : reference.url;
    const method = typeof reference === "string" || reference.method?.toUpperCase() !== "GET" ? "POST" : "GET";
    const body = JSON.stringify(payload);
    // Signed once: a retry carries the same time and signature.
    const headers: Record<string, string> = {
      "Jambonz-Signature": signatureHeader(body, this.#options.secret),
      ...this.#auth,
      "user-agent": "jambonz",
      ...(method === "POST" && { "Content-Type": "application/json" }),
    };
    return this.#tryAll(url, method, headers, method === "POST" ? body : "");
  }

  async #tryAll(url: string, method: "GET" | "POST", headers: Record<string, string>, body: string): Promise<unknown> {
    const policy = retryPolicyOf(url);
    const pauses = backOffs(policy.retries);
    for (let attempt = 1; ; attempt++) {
      try {
        return parse(await this.#tryOnce(url, attempt, { method, headers, body }));
      } catch (error) {
        const failed = toHookError(error);
        const pause = pauses[attempt - 1];
        if (pause === undefined || !shouldRetry(policy, failed.failure)) throw failed;
        await sleep(pause);
      }
    }
  }

  async #tryOnce(
    url: string,
    attempt: number,
    message: { method: "GET" | "POST"; headers: Record<string, string>; body: string },
  ) {
    const started = Date.now();
    const report = (outcome: { status?: number; error?: string }) =>
      this.#options.onTry?.({ url, attempt, ms: Date.now() - started, ...outcome });
    try {
      const timeoutMs = this.#options.timeoutMs ?? HOOK_TIMEOUT;
      const answer = await send({ ...this.#targetOf(url), ...message, timeoutMs });
      report({ status: answer.status });
      return answer;
    } catch (error) {
      report({ error: toHookError(error).message });
      throw error;
    }
  }

  /**
   * A reference that starts with '/' is taken from the hook's origin, not from its path, and keeps its fragment on
   * the request line, as the server's HTTP client (undici `client.request({path})`) does.
   */
  #targetOf(url: string): Target {
    if (url.startsWith("/")) return { origin: this.#origin, path: url };
    const { origin, pathname, search } = new URL(url);
    return { origin, path: pathname + search };
  }
}

function basicAuth(username: string | null | undefined, password: string | null | undefined): Record<string, string> {
  if (!username || !password) return {};
  return { Authorization: `Basic ${Buffer.from(`${username}:${password}`, "utf8").toString("base64")}` };
}

function parse(answer: HttpAnswer): unknown {
  if (!ACCEPTED.includes(answer.status)) throw new HookError("Unexpected HTTP Response", { status: answer.status });
  return answer.contentType.includes("application/json") ? JSON.parse(answer.body) : "";
}

function toHookError(error: unknown): HookError {
  if (error instanceof HookError) return error;
  const { message, code } = error as NodeJS.ErrnoException;
  return new HookError(message, code === undefined ? {} : { code });
}
