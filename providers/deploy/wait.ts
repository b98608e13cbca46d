import { setTimeout as sleep } from "node:timers/promises";

/** What one look found: that it is as wanted, or what is there instead. */
export type Look = { isReady: true } | { isReady: false; found: string };

export interface Patience {
  limitMs: number;
  /** Between two looks. */
  pauseMs: number;
  /** So many looks in a row have to be good: behind one address there may be several dynos, old ones among them. */
  inARow: number;
}

/** Looks until it is as wanted. Returns undefined then, else, after the limit, what the last look that was not good found. */
export async function waitUntil(look: () => Promise<Look>, patience: Patience): Promise<string | undefined> {
  const end = performance.now() + patience.limitMs;
  let found = "nothing yet";
  for (let good = 0; performance.now() < end; await sleep(patience.pauseMs)) {
    const seen = await look();
    good = seen.isReady ? good + 1 : 0;
    if (good === patience.inARow) return undefined;
    if (!seen.isReady) found = seen.found;
  }
  return found;
}

/** The command that shows what an app printed last. */
export function logsCommand(app: string): string {
  return `heroku logs --app ${app} --num 200`;
}
