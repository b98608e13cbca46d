import { HOOK_BACK_OFF } from "../timing.ts";

const MAX_RETRIES = 5;
const CONNECTION_ERRORS = new Set(["ECONNREFUSED", "ETIMEDOUT", "ECONNRESET", "ECONNABORTED"]);

/** `#rc=…&rp=…` of a hook's URL: how often it is tried again (0–5, default 0) and after what (default `ct`). */
export interface RetryPolicy {
  retries: number;
  /** Of `4xx`, `5xx`, `ct` (no connection), `rt` (time-out), `all`. */
  after: string[];
}

/** Why one try failed: an HTTP status that is not 200, 202 or 204, or a system error's code. */
export interface Failure {
  status?: number;
  code?: string;
}

/** Reads the fragment of a URL (read: feature-server lib/utils/http-requestor.js and base-requestor.js) (seen live: jambonz-live, section 5). */
export function retryPolicyOf(url: string): RetryPolicy {
  const fragment = new URLSearchParams(url.split("#")[1] ?? "");
  const retries = Math.min(Math.abs(Number.parseInt(fragment.get("rc") ?? "0", 10) || 0), MAX_RETRIES);
  const after = (fragment.get("rp") || "ct").split(",").map((value) => value.trim());
  return { retries, after };
}

/** Whether the policy covers this failure. `rt` never does: the server tests for an error name its client never uses. */
export function shouldRetry(policy: RetryPolicy, failure: Failure): boolean {
  const { status = 0, code = "" } = failure;
  return (
    policy.after.includes("all") ||
    (policy.after.includes("ct") && CONNECTION_ERRORS.has(code)) ||
    (policy.after.includes("4xx") && status >= 400 && status < 500) ||
    (policy.after.includes("5xx") && status >= 500 && status < 600)
  );
}

/** Pauses between tries, ms: 500, 1000, 2000, 4000, 6000. */
export function backOffs(retries: number): number[] {
  const pauses: number[] = [];
  let pause = HOOK_BACK_OFF;
  for (let i = 0; i < retries; i++) {
    pauses.push(pause);
    pause = pause < 2000 ? pause * 2 : pause + 2000;
  }
  return pauses;
}
