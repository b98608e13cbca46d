import { setTimeout as sleep } from "node:timers/promises";

/** Waits for work at most so long; it may go on after that. @throws Error when it takes longer. */
export async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const stop = new AbortController();
  const late = sleep(ms, undefined, { signal: stop.signal }).then(
    () => Promise.reject(new Error(`It took longer than ${ms} ms`)),
    () => new Promise<never>(() => undefined), // stopped: the work was in time
  );
  try {
    return await Promise.race([work, late]);
  } finally {
    stop.abort();
  }
}
