import { AsyncLocalStorage } from "node:async_hooks";

const running = new AsyncLocalStorage<number>();

/** Runs the work of one step of the engine with the time that `customTimeouts` allows it; without one it has no limit but its own. */
export function withinTime<T>(limitMs: number | undefined, work: () => Promise<T>): Promise<T> {
  return limitMs === undefined ? work() : running.run(performance.now() + limitMs, work);
}

/** The time that the step which runs has left, at least 1 ms; undefined: `customTimeouts` says nothing. */
export function timeLeftMs(): number | undefined {
  const end = running.getStore();
  return end === undefined ? undefined : Math.max(1, Math.round(end - performance.now()));
}

/** This time, or what the step has left of its own. */
export function atMost(limitMs: number): number {
  return Math.min(limitMs, timeLeftMs() ?? limitMs);
}

/** Of a wait that is about to begin: whether the step's time ends before it. */
export function outlastsStep(waitMs: number): boolean {
  const left = timeLeftMs();
  return left !== undefined && waitMs >= left;
}

const UNITS = new Map([
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1_000],
  ["ms", 1],
  ["us", 1e-3],
  ["µs", 1e-3],
  ["ns", 1e-6],
]);

/** Milliseconds of a duration as Pulumi writes it (`1h30m`, `90s`); undefined for none, and for `0s`, which means no limit. */
export function durationMs(text: string | undefined): number | undefined {
  const parts = [...(text ?? "").matchAll(/([\d.]{1,40})(h|ms|µs|us|ns|m|s)/g)];
  const total = parts.reduce((sum, [, count, unit]) => sum + Number(count) * (UNITS.get(unit ?? "") ?? 0), 0);
  return total > 0 ? total : undefined;
}
