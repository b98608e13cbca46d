import type { CallerReport } from "../../sandbox/callers/sipp-caller.ts";
import { longestSilence } from "../../sandbox/calls/heard.ts";
import { slope } from "../measure/slope.ts";
import { CORES, PARTS, type Part, type Used } from "./parts.ts";

/** A while in which so many calls were held. `cores`: CPU seconds per second. */
export interface Step {
  calls: number;
  /** Epoch ms. */
  fromMs: number;
  toMs: number;
  parts: Record<Part, { cores: number; memoryMb: number }>;
}

/** What one more call costs a part, over all steps that were good. */
export interface CostPerCall {
  /** Share of a core, in percent. */
  cpuPercent: number;
  memoryMb: number;
}

export function stepOf(
  calls: number,
  fromMs: number,
  toMs: number,
  before: Record<Part, Used>,
  after: Record<Part, Used>,
): Step {
  const entries = PARTS.map((part) => {
    const cores = (after[part].cpuSeconds - before[part].cpuSeconds) / ((toMs - fromMs) / 1_000);
    return [part, { cores: Math.round(cores * 1_000) / 1_000, memoryMb: Math.round(after[part].memoryMb) }];
  });
  return { calls, fromMs, toMs, parts: Object.fromEntries(entries) as Step["parts"] };
}

export function costs(steps: readonly Step[]): Record<Part, CostPerCall> {
  const perCall = (part: Part, what: "cores" | "memoryMb") =>
    slope(steps.map((step) => [step.calls, step.parts[part][what]]));
  const entries = PARTS.map((part) => [
    part,
    {
      cpuPercent: Math.round(perCall(part, "cores") * 1_000) / 10,
      memoryMb: Math.round(perCall(part, "memoryMb") * 10) / 10,
    },
  ]);
  return Object.fromEntries(entries) as Record<Part, CostPerCall>;
}

/** Share of the machine that was in use, all parts together. */
export function load({ parts }: Step): number {
  return PARTS.reduce((sum, part) => sum + parts[part].cores, 0) / CORES;
}

export function busiest({ parts }: Step): Part {
  return [...PARTS].sort((one, other) => parts[other].cores - parts[one].cores)[0] as Part;
}

/** The longest silence of any caller within a step, ms: each sends its tone, and hears it back from the agent. */
export function silenceIn(step: Step, callers: readonly CallerReport[]): number {
  const silences = callers.map((caller) => {
    const invited = caller.timeline.find(({ event }) => event === "invite")?.at ?? Number.NaN;
    const greeted = invited < step.fromMs;
    return greeted ? longestSilence(caller, step.fromMs - invited, step.toMs - invited) : 0;
  });
  return Math.round(Math.max(0, ...silences));
}
