/** How a set of waits lies, ms. */
export interface Quantiles {
  p50: number;
  p95: number;
  max: number;
}

/** By nearest rank: the smallest value that so many of the values do not exceed. All NaN for an empty set. */
export function quantilesOf(values: readonly number[]): Quantiles {
  const sorted = [...values].sort((one, other) => one - other);
  const at = (share: number) => Math.round(sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN);
  return { p50: at(0.5), p95: at(0.95), max: at(1) };
}
