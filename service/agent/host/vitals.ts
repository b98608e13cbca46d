import { monitorEventLoopDelay, performance } from "node:perf_hooks";

const RESOLUTION_MS = 20;
const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
delay.enable();
let last = performance.eventLoopUtilization();

/** How this process has fared since it was last asked. */
export interface Vitals {
  /** The longest that a call had to wait for its turn, ms: callers hear it as a gap from about 100 ms on. */
  lagMs: number;
  /** The share of the time in which its event loop was not idle, 0…1; waiting for a CPU counts as busy. */
  busy: number;
  rssMb: number;
}

export function takeVitals(): Vitals {
  const lagMs = Math.max(0, Math.round(delay.percentile(99) / 1e6) - RESOLUTION_MS);
  delay.reset();
  const now = performance.eventLoopUtilization();
  const busy = performance.eventLoopUtilization(now, last).utilization;
  last = now;
  return { lagMs, busy: Math.round(busy * 100) / 100, rssMb: Math.round(process.memoryUsage.rss() / 1e6) };
}
