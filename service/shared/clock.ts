/**
 * The time in milliseconds since 1970, from a clock that never steps: the system's time at the start of the process, and what has passed since.
 * A system clock that is set back by minutes would stop every limit and age for as long. Signatures alone are judged by the system's clock.
 */
export function clockMs(): number {
  return Math.round(performance.timeOrigin + performance.now());
}
