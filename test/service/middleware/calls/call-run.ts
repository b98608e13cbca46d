import type { CallFlow } from "@trunkline/shared";
import {
  type CallEvent,
  type CallState,
  type Effect,
  initialState,
  type Mark,
  type Step,
  transition,
} from "../../../../service/middleware/calls/call-state.ts";

export const START = 1_780_000_000_000;

/** A call's life: every event and what came of it. */
export interface Run {
  steps: { event: CallEvent; before: CallState; step: Step }[];
  state: CallState;
  effects: Effect[];
  marks: Mark[];
}

export function run(events: CallEvent[], announcementMs = 0, flow: CallFlow = "callback"): Run {
  const all: Run = { steps: [], state: initialState(START, announcementMs, flow), effects: [], marks: [] };
  for (const event of events) {
    const step = transition(all.state, event);
    all.steps.push({ event, before: all.state, step });
    all.effects.push(...step.effects);
    all.marks.push(...step.marks);
    all.state = step.state;
  }
  return all;
}

export const later = (ms: number, event: object): CallEvent => ({ ...event, at: START + ms }) as CallEvent;
