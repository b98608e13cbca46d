/** How a set of measurements lies; `n` of them. */
export interface Spread {
  n: number;
  p50: number;
  p95: number;
  p99: number;
  max: number;
}

/** @param digits behind the point; default 0. All NaN when there is nothing to measure. */
export function spreadOf(values: readonly number[], digits = 0): Spread {
  const at = (share: number) => round(percentile(values, share), digits);
  const n = values.filter((value) => !Number.isNaN(value)).length;
  return { n, p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
}

/** The smallest value that at least this share of the values does not exceed (nearest rank); NaN counts for nothing. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

export function round(value: number, digits = 0): number {
  return Math.round(value * 10 ** digits) / 10 ** digits;
}
