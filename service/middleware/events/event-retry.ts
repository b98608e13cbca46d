const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const WAITS_MS = [5 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE];
const LONGEST_WAIT_MS = 60 * MINUTE;

/**
 * How long to wait after a failed delivery.
 * @param tries how many there were
 * @param spread 0 to 1: receivers that come back are not hit by all at once
 */
export function waitAfter(tries: number, spread: number, retryAfterMs = 0): number {
  const waitMs = WAITS_MS[tries - 1] ?? LONGEST_WAIT_MS;
  return Math.min(Math.max(waitMs * (0.75 + spread / 2), retryAfterMs), LONGEST_WAIT_MS);
}

/** `Retry-After` in seconds; a date, or none = 0. */
export function retryAfterMs(header: string | null): number {
  return header !== null && /^\d{1,6}$/.test(header) ? Number(header) * SECOND : 0;
}
