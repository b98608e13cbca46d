import type { CallPoint, CallTimes } from "../call-times.ts";

/** One step of a call; times in milliseconds since 1970. */
export interface Step {
  name: string;
  from: number;
  to: number;
}

/** A step lasts from its point to the next one that was reached, the last to the end of the call. */
const STEPS: readonly (readonly [name: string, from: CallPoint | "start"])[] = [
  ["join", "start"],
  ["prepare", "joined"],
  ["wait for the caller", "published"],
  ["wait for the answer", "callerJoined"],
  ["conversation", "active"],
];

/** The steps a call has taken, in their order, without gaps. */
export function stepsOf(times: CallTimes, endedAt: number): Step[] {
  const reached = STEPS.flatMap(([name, point]) => {
    const ms = point === "start" ? 0 : times.at(point);
    return ms === undefined ? [] : [{ name, from: times.startedAt + ms }];
  });
  return reached.map((step, index) => ({ ...step, to: reached[index + 1]?.from ?? endedAt }));
}
