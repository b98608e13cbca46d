const DURATION = /^-?\d+(\.\d+)?s$/;
/** `1h30m0s`, `500ms`, as Go writes durations. */
const GO_DURATION = /^(\d+(\.\d+)?(h|m|s|ms|us|µs|ns))+$/;
const SECONDS_OF = { h: 3600, m: 60, s: 1, ms: 1e-3, us: 1e-6, µs: 1e-6, ns: 1e-9 } as const;

/** From here on a bare number counts nanoseconds, as Go's time.Duration does; below, seconds. */
const NANOSECONDS_FROM = 1e6;

/** A duration in protobuf JSON (`30s`), from any way to write one; undefined when it is none. */
export function durationJson(value: unknown): string | undefined {
  if (typeof value === "string" && DURATION.test(value)) return value;
  if (typeof value === "string" && GO_DURATION.test(value)) return secondsText(goSeconds(value));
  if (typeof value === "number") return secondsText(value >= NANOSECONDS_FROM ? value / 1e9 : value);
  const parts = secondsAndNanos(value);
  return parts && secondsText(parts.seconds + parts.nanos / 1e9);
}

/** A time in protobuf JSON (RFC 3339), from any way to write one; undefined when it is none. */
export function timestampJson(value: unknown): string | undefined {
  if (typeof value === "string" && /\d{4}-\d\d-\d\dT/.test(value)) return dateText(new Date(value));
  if (typeof value === "number" || (typeof value === "string" && /^\d+$/.test(value)))
    return dateText(new Date(millisecondsOf(Number(value))));
  const parts = secondsAndNanos(value);
  return parts && dateText(new Date(parts.seconds * 1e3 + parts.nanos / 1e6));
}

function secondsAndNanos(value: unknown): { seconds: number; nanos: number } | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const parts = { seconds: 0, nanos: 0 };
  for (const [key, count] of Object.entries(value)) {
    const name = key.toLowerCase();
    if (name === "seconds" || name === "nanos") parts[name] = Number(count);
    else if (!key.startsWith("$")) return undefined;
  }
  return Object.values(parts).every(Number.isFinite) ? parts : undefined;
}

function goSeconds(text: string): number {
  const parts = text.matchAll(/(\d{1,20}(?:\.\d{1,20})?)(h|ms|m|us|µs|ns|s)/g);
  return [...parts].reduce(
    (sum, [, count, unit]) => sum + Number(count) * SECONDS_OF[unit as keyof typeof SECONDS_OF],
    0,
  );
}

function secondsText(seconds: number): string | undefined {
  return Number.isFinite(seconds) ? `${Number(seconds.toFixed(9))}s` : undefined;
}

/** Seconds, milliseconds or nanoseconds since 1970, told apart by their size. */
function millisecondsOf(count: number): number {
  if (count < 1e11) return count * 1e3;
  return count < 1e14 ? count : count / 1e6;
}

function dateText(date: Date): string | undefined {
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
