const ROUNDS = 100_000_000;

/** How long this machine takes for a fixed piece of work on one core, ms: what ten calls at once need depends on it. */
export function workMs(): number {
  let sum = 0;
  const startedAt = performance.now();
  for (let round = 0; round < ROUNDS; round++) sum = (sum + round * 3) % 1_000_003;
  return sum < 0 ? Number.NaN : performance.now() - startedAt;
}
