/** Numbers of tests; a static check counts as one. */
export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

export function sumOf(all: Iterable<Counts>): Counts {
  const sum: Counts = { passed: 0, failed: 0, skipped: 0 };
  for (const { passed, failed, skipped } of all) {
    sum.passed += passed;
    sum.failed += failed;
    sum.skipped += skipped;
  }
  return sum;
}
