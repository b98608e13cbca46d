import type { Sample } from "./sample.ts";
import { median, slopePerHour } from "./slope.ts";

/** How one part's memory and file handles went. */
export interface Trend {
  part: string;
  memoryMb: Course;
  handles: Course;
}

export interface Course {
  /** The median of the first and of the last fifth. */
  first: number;
  last: number;
  /** Over everything but the warm-up. */
  perHour: number;
  /** Of the median, per hour. */
  sharePerHour: number;
}

const MS_PER_HOUR = 3_600_000;

/** @param warmUpMs what came so soon after the first sample is left out: compilers and pools are filling up then */
export function trendsOf(samples: readonly Sample[], warmUpMs: number): Trend[] {
  const from = Math.min(...samples.map(({ at }) => at)) + warmUpMs;
  const counted = samples.filter(({ at }) => at >= from);
  return [...new Set(counted.map(({ part }) => part))].map((part) => {
    const own = counted.filter((sample) => sample.part === part);
    return { part, memoryMb: courseOf(own, "memoryMb"), handles: courseOf(own, "handles") };
  });
}

function courseOf(samples: readonly Sample[], what: "memoryMb" | "handles"): Course {
  const points = samples.map((sample) => ({ hours: sample.at / MS_PER_HOUR, value: sample[what] }));
  const values = points.map(({ value }) => value);
  const fifth = Math.max(1, Math.floor(values.length / 5));
  const perHour = slopePerHour(points);
  return {
    first: rounded(median(values.slice(0, fifth))),
    last: rounded(median(values.slice(-fifth))),
    perHour: rounded(perHour),
    sharePerHour: rounded(perHour / median(values), 1_000),
  };
}

function rounded(value: number, per = 10): number {
  return Math.round(value * per) / per;
}
