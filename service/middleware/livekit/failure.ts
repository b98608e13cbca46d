import { setTimeout as pause } from "node:timers/promises";
import { ServerError } from "livekit-server-sdk";
import type { Failure } from "../policies/retry.ts";

/** The facts about a failed request that policies decide on; no status = no answer (time-out, connection). */
export function failureOf(error: unknown): Failure {
  if (error instanceof ServerError) return { status: error.status, message: error.message };
  return { message: error instanceof Error ? error.message : String(error) };
}

/**
 * Sends a request again for as long as the policy allows it.
 * @param retryPauseMs the pause before the next try, undefined for none; `failures` is how many tries have failed so far
 * @throws what the last try threw
 */
export async function repeated<Result>(
  request: () => Promise<Result>,
  retryPauseMs: (failure: Failure, failures: number) => number | undefined,
): Promise<Result> {
  for (let failures = 1; ; failures++) {
    try {
      return await request();
    } catch (error) {
      const pauseMs = retryPauseMs(failureOf(error), failures);
      if (pauseMs === undefined) throw error;
      await pause(pauseMs);
    }
  }
}
