/** One value at one time, in hours since any beginning. */
export interface Point {
  hours: number;
  value: number;
}

/**
 * The change per hour: the median of the slopes between all pairs of points (Theil–Sen). One garbage collection or one
 * burst of callers moves it as little as any other point; a straight line through all of them would follow it.
 * NaN for fewer than two points.
 */
export function slopePerHour(points: readonly Point[]): number {
  const slopes = points.flatMap((from, index) =>
    points.slice(index + 1).map((to) => (to.value - from.value) / (to.hours - from.hours)),
  );
  return median(slopes.filter(Number.isFinite));
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const [lower, upper] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return lower === undefined || upper === undefined ? Number.NaN : (lower + upper) / 2;
}
