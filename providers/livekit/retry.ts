/** When a failed request is sent again. Only for requests that change nothing when repeated. */
export const RETRY = {
  attempts: 4,
  firstDelayMs: 200,
  /** What a server may ask for with Retry-After before we give up instead. */
  longestDelayMs: 10_000,
} as const;

/** What came back: an HTTP status, or none when there was no answer; the seconds of a Retry-After header. */
export interface Outcome {
  status?: number | undefined;
  retryAfterSeconds?: number | undefined;
}

/** Milliseconds to wait before attempt number `attempt + 1`, undefined to give up. `attempt` counts from 1. */
export function retryDelay(attempt: number, outcome: Outcome): number | undefined {
  if (attempt >= RETRY.attempts || !isPassing(outcome.status)) return undefined;
  const doubled = RETRY.firstDelayMs * 2 ** (attempt - 1);
  const delay = Math.max(doubled, (outcome.retryAfterSeconds ?? 0) * 1_000);
  return delay <= RETRY.longestDelayMs ? delay : undefined;
}

/** Whether the same request may succeed later. */
function isPassing(status: number | undefined): boolean {
  return status === undefined || status === 429 || status >= 500;
}
