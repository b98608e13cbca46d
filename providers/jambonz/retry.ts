/** When a failed request is sent again. */
export const JAMBONZ_RETRY = {
  attempts: 4,
  firstDelayMs: 250,
  /** A rate limit's window is 5 minutes unless configured otherwise (jambonz-api-server app.js). */
  longestWindowMs: 310_000,
  /** All waiting of one request: two windows, since everybody shares one bucket. */
  deadlineMs: 640_000,
  /** After a window's end all that waited come at once: they are spread over so long. */
  spreadMs: 500,
} as const;

/** What came back: an HTTP status, or none when there was no answer; the seconds until the rate limit's window ends. */
export interface JambonzOutcome {
  status?: number | undefined;
  resetSeconds?: number | undefined;
}

export interface Attempt {
  /** Counts from 1, requests that were held back by the rate limit not counted. */
  number: number;
  /** Since the first one was sent. */
  elapsedMs: number;
  /** Whether sending it twice is the same as sending it once. */
  isIdempotent: boolean;
}

/**
 * Milliseconds to wait before the next attempt, undefined to give up. 429 is waited for whatever the request is: it was
 * judged before anything was done. 500 is every mistake of the request, too: it is not repeated.
 */
export function jambonzDelay(outcome: JambonzOutcome, attempt: Attempt): number | undefined {
  const delay = outcome.status === 429 ? windowEnd(outcome) : backOff(outcome, attempt);
  return delay !== undefined && attempt.elapsedMs + delay <= JAMBONZ_RETRY.deadlineMs ? delay : undefined;
}

function windowEnd({ resetSeconds }: JambonzOutcome): number | undefined {
  const delay = Math.max((resetSeconds ?? 0) * 1_000, JAMBONZ_RETRY.firstDelayMs);
  return delay <= JAMBONZ_RETRY.longestWindowMs ? delay : undefined;
}

function backOff({ status }: JambonzOutcome, { number, isIdempotent }: Attempt): number | undefined {
  const mayPass = status === undefined || status === 502 || status === 503 || status === 504;
  if (!isIdempotent || !mayPass || number >= JAMBONZ_RETRY.attempts) return undefined;
  return JAMBONZ_RETRY.firstDelayMs * 2 ** (number - 1);
}
