/** Ways in which one call fails; the place in the list, from 1, is the end of the caller's number. */
export const FAULTS = [
  "the model's port is closed",
  "the model's server never answers",
  "the model's server refuses the key",
  "a socket without a listener",
  "a promise without an owner",
  "a timer throws",
  "a listener throws",
  "the conversation forgets the end",
  "the process dies at the start",
  "the process dies in the conversation",
] as const;

export type Fault = (typeof FAULTS)[number];

/** What a process outlives, and what not. */
export const SURVIVED = FAULTS.slice(0, 8);
export const DEADLY = FAULTS.slice(8);

export function callerWith(fault: Fault): string {
  return `+49171001${String(FAULTS.indexOf(fault) + 1).padStart(2, "0")}`;
}
