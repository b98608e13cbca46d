import { monitorEventLoopDelay } from "node:perf_hooks";

const RESOLUTION_MS = 20;
const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
delay.enable();

/** How this process has fared since it was last asked. */
export interface Vitals {
  /** The longest that a call had to wait for its turn, ms: callers hear it as a gap from about 100 ms on. */
  lagMs: number;
  rssMb: number;
}

export function takeVitals(): Vitals {
  const lagMs = Math.max(0, Math.round(delay.percentile(99) / 1e6) - RESOLUTION_MS);
  delay.reset();
  return { lagMs, rssMb: Math.round(process.memoryUsage.rss() / 1e6) };
}
