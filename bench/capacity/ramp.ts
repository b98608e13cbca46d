import { setTimeout as pause } from "node:timers/promises";
import type { CallerReport } from "../../sandbox/callers/sipp-caller.ts";
import { heardTonesInTurns } from "../../sandbox/callers/tone.ts";
import type { FlowName, System } from "../../sandbox/calls/system.ts";
import { lookAtParts } from "./parts.ts";
import { type Step, stepOf } from "./step.ts";

export interface RampOptions {
  /** Calls that are added per step. */
  by: number;
  /** The ramp ends here, if nothing fails before. */
  most: number;
  onStep(step: Step): void;
}

export interface Ramp {
  steps: Step[];
  callers: CallerReport[];
  /** Why no more calls were added; undefined when `most` was reached. */
  failure: string | undefined;
}

const FLOWS = ["callback", "dial"] as const satisfies FlowName[];
const BETWEEN_CALLS_MS = 500;
/** From the last INVITE of a step to the end of its greeting; the fallback comes earlier. */
const GREETED_WITHIN_MS = 20_000;
const WATCHED_MS = 5_000;
/** Longer than any ramp: the calls are ended from the other side. */
const HOLD_MS = 1_200_000;
const DELETE_EVERY_MS = 1_000;

/** Adds calls step by step, flows alternating, all held and echoed, until one does not get its agent. */
export async function ramp(system: System, { by, most, onStep }: RampOptions): Promise<Ramp> {
  const watch = watchCalls(system);
  const calls: Promise<CallerReport>[] = [];
  const over = Promise.withResolvers<void>();
  const steps: Step[] = [];
  let failure: string | undefined;
  while (failure === undefined && calls.length < most) {
    for (let added = 0; added < by; added++) {
      calls.push(placeCall(system, FLOWS[calls.length % 2] as FlowName, over.promise));
      await pause(BETWEEN_CALLS_MS);
    }
    failure = await watch.greeted(calls.length);
    steps.push(await watchStep(system, calls.length));
    onStep(steps.at(-1) as Step);
  }
  over.resolve();
  return { steps, callers: await ended(system, calls), failure };
}

/** What is heard is analysed when no call needs the CPU any more. */
async function placeCall(system: System, flow: FlowName, over: Promise<void>): Promise<CallerReport> {
  const analyse = (heard: Int16Array) => over.then(() => heardTonesInTurns(heard));
  const options = { holdMs: HOLD_MS, timeoutMs: GREETED_WITHIN_MS, bye: "callee", analyse } as const;
  return (await system.call(flow, options)).caller;
}

function watchCalls(system: System) {
  const greeted = new Set<string>();
  let trouble: string | undefined;
  system.events.onEvent(({ event, callId = "", fields }) => {
    if (event === "greeting.finished") greeted.add(callId);
    if (["call.fallback", "agent.refused", "call.ended"].includes(event))
      trouble ??= `${event} ${fields.reason ?? ""}`.trim();
  });
  return {
    /** Undefined once so many callers have been greeted, else what went wrong. */
    async greeted(count: number): Promise<string | undefined> {
      for (const end = Date.now() + GREETED_WITHIN_MS; Date.now() < end; await pause(50)) {
        if (trouble !== undefined) return trouble;
        if (greeted.size >= count) return undefined;
      }
      return `${count - greeted.size} of ${count} callers were not greeted within ${GREETED_WITHIN_MS / 1_000} s`;
    },
  };
}

async function watchStep(system: System, calls: number): Promise<Step> {
  const { registerFile } = system.supervisor;
  const [fromMs, before] = [Date.now(), lookAtParts(registerFile)];
  await pause(WATCHED_MS);
  return stepOf(calls, fromMs, Date.now(), before, lookAtParts(registerFile));
}

/** The reports of all calls, which are ended with their rooms; a call that was late may open its room after the others. */
async function ended(system: System, calls: Promise<CallerReport>[]): Promise<CallerReport[]> {
  const reports = Promise.all(calls);
  const hangUp = setInterval(() => void deleteRooms(system), DELETE_EVERY_MS);
  return reports.finally(() => clearInterval(hangUp));
}

async function deleteRooms(system: System): Promise<void> {
  const names = await system.callRooms().catch(() => []);
  await Promise.all(names.map((name) => system.rooms.deleteRoom(name).catch(() => undefined)));
}
