import { clockMs } from "@trunkline/shared";

/** Points of a call that are worth knowing, in their order. */
export type CallPoint = "joined" | "published" | "callerJoined" | "active" | "firstAudio" | "callerHeard";

/** When a call reached its points: the numbers of its last log line. */
export class CallTimes {
  /** Milliseconds since 1970. */
  readonly startedAt = clockMs();
  readonly #points = new Map<CallPoint, number>();

  /** Notes a point, the first time only. Returns milliseconds since the job was given to this process. */
  note(point: CallPoint): number {
    const ms = clockMs() - this.startedAt;
    if (!this.#points.has(point)) this.#points.set(point, ms);
    return ms;
  }

  /** When a point was reached, ms since the job was given to this process. */
  at(point: CallPoint): number | undefined {
    return this.#points.get(point);
  }

  /** Undefined unless both were reached, in that order. */
  between(from: CallPoint, to: CallPoint): number | undefined {
    const [start, end] = [this.at(from), this.at(to)];
    return start === undefined || end === undefined || end < start ? undefined : end - start;
  }

  /** `ms` of the whole, and `<point>Ms` of each that was reached. */
  fields(): Record<string, number> {
    const points = [...this.#points].map(([point, ms]) => [`${point}Ms`, ms]);
    return { ms: clockMs() - this.startedAt, ...Object.fromEntries(points) };
  }
}
