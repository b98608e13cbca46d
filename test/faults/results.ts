import type { CallerResult, CallFaultResult } from "./call-fault.ts";

/** What one fault did, in words. */
export interface FaultResult {
  group: string;
  name: string;
  /** What was seen; for calls one entry for each flow. */
  seen: string[];
  /** From the end of the last call until nothing was left, ms. */
  settledMs?: number;
  /** What did not hold; empty = all is well. */
  violations: string[];
}

/** The result of something that could not be carried through. */
export function failed(group: string, name: string, error: unknown): FaultResult {
  const reason = error instanceof Error ? error.message : String(error);
  const errors = reason.split("\n").filter((line) => line.includes("error:")); // of a long output only what went wrong
  const text = errors.length === 0 ? reason : errors.map((line) => line.trim()).join("; ");
  return { group, name, seen: [], violations: [`could not be carried through: ${text.slice(0, 1_000)}`] };
}

export function describeCalls({ group, name, callers, settledMs, violations }: CallFaultResult): FaultResult {
  return { group, name, seen: callers.map(describeCaller), settledMs, violations };
}

/** `agent after 2.1 s`, `apology after 3.0 s`, `refused with 503`; and how long it was silent after the greeting. */
function describeCaller({ outcome, waitMs, heard, seen, silenceMs }: CallerResult): string {
  if (outcome === "lost") return `nobody (${seen})`;
  const who = outcome === "agent" ? "agent" : heard.includes("speech") ? "apology" : `refused with ${seen.slice(0, 3)}`;
  const again = heard.filter((what) => what === "greeting").length > 1 ? ", greeted again" : "";
  const apologised = outcome === "agent" && heard.includes("speech") ? ", apology at the end" : "";
  const silent = silenceMs >= NOTICED_MS ? `, ${seconds(silenceMs)} of silence` : "";
  return `${who} after ${seconds(waitMs)}${again}${silent}${apologised}`;
}

/** Silence that a caller notices. */
const NOTICED_MS = 1_000;

export function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
