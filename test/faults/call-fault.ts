import { setTimeout as pause } from "node:timers/promises";
import { FALLBACK_MS, judge, type Verdict } from "../../bench/calls/judge.ts";
import type { CallerReport } from "../../sandbox/callers/sipp-caller.ts";
import { longestSilence, scoreOf } from "../../sandbox/calls/heard.ts";
import type { FlowName } from "../../sandbox/calls/system.ts";
import { roomName } from "../../service/shared/index.ts";
import type { FaultSystem } from "./call-system.ts";
import { violationsOf } from "./invariants.ts";
import { RoomWatch } from "./room-watch.ts";

/** Something that goes wrong while two callers, one of each flow, call. */
export interface CallFault {
  group: string;
  name: string;
  /** Nobody can answer for so long: callers may wait that much longer than without the fault, ms. Default 0. */
  awayMs?: number;
  /** How long a caller may hear nothing after the greeting, ms; no limit without. */
  mostSilenceMs?: number;
  /** `brief` (default): the agent hangs up 2 s after its greeting. `long`: the callers stay until somebody hangs up, a minute at most. */
  talk?: "brief" | "long";
  /** Done before the callers call. */
  before?: (system: FaultSystem) => Promise<void>;
  /** Done beside the calls; when it resolves, every part runs again. @param since when the callers called, ms since 1970 */
  meanwhile: (system: FaultSystem, since: number) => Promise<void>;
}

/** What one caller lived through. */
export interface CallerResult extends Verdict {
  /** The kinds of sound in their order. */
  heard: string[];
  endedBy: "caller" | "callee" | "nobody";
  /** The longest silence between the first greeting and the end, ms; NaN where there was no greeting. */
  silenceMs: number;
}

export interface CallFaultResult {
  group: string;
  name: string;
  callers: CallerResult[];
  /** From the last caller's end until nothing was left, ms. */
  settledMs: number;
  violations: string[];
}

const FLOWS = ["callback", "dial"] as const satisfies FlowName[];
/** The first tone of a greeting. */
const GREETING_HZ = 700;
const BRIEF_MS = 2_000;
const LONG_MS = 60_000;
/** Longer than any limit of the middleware. */
const PATIENCE_MS = 40_000;
/** A machine that is busy starting what was killed is late by so much. */
const BUSY_MS = 4_000;

/** Lets it go wrong; then waits until all is at rest, and looks whether everything holds that has to. */
export async function runCallFault(system: FaultSystem, fault: CallFault): Promise<CallFaultResult> {
  const rooms = await RoomWatch.start(system.system.rooms);
  try {
    const callers = await letGoWrong(system, fault);
    const over = Date.now();
    const rest = await system.settle(rooms);
    const { group, name, mostSilenceMs } = fault;
    const observed = { ...rest, roomsSeen: rooms.seen, callers, limitMs: limitsOf(fault), mostSilenceMs };
    const violations = violationsOf(observed);
    return { group, name, callers, settledMs: Date.now() - over, violations };
  } finally {
    await rooms.stop();
  }
}

/** Returns when both callers have hung up, and everything works again. */
async function letGoWrong(system: FaultSystem, fault: CallFault): Promise<CallerResult[]> {
  const stop = fault.talk === "long" ? () => undefined : hangUpSoon(system);
  try {
    await fault.before?.(system);
    const calls = Promise.all(FLOWS.map((flow) => system.system.call(flow, optionsOf(fault))));
    const meanwhile = fault.meanwhile(system, Date.now());
    await Promise.allSettled([calls, meanwhile]); // whichever fails, the other is not left alone
    await meanwhile;
    return (await calls).map(({ caller }, index) => resultOf(FLOWS[index] as FlowName, caller));
  } finally {
    stop();
    await system.heal();
  }
}

function optionsOf({ talk }: CallFault) {
  if (talk === "long") return { holdMs: LONG_MS, timeoutMs: LONG_MS + PATIENCE_MS };
  return { holdMs: PATIENCE_MS, timeoutMs: PATIENCE_MS, bye: "callee" } as const;
}

/** Ends each conversation soon after its greeting, as its agent would: with the room. */
function hangUpSoon({ system }: FaultSystem): () => void {
  return system.events.onEvent(({ source, event, callId }) => {
    if (source !== "agent" || event !== "greeting.finished" || callId === undefined) return;
    void pause(BRIEF_MS).then(() => system.rooms.deleteRoom(roomName(callId)).catch(() => undefined));
  });
}

function limitsOf({ awayMs = 0 }: CallFault): Record<FlowName, number> {
  const more = awayMs + BUSY_MS;
  return { callback: FALLBACK_MS.callback + more, dial: FALLBACK_MS.dial + more };
}

function resultOf(flow: FlowName, caller: CallerReport): CallerResult {
  const greeted = caller.heard.find(({ hz }) => Math.abs(hz - GREETING_HZ) < 20)?.toMs ?? Number.NaN;
  const [invite, last] = [caller.timeline[0]?.at ?? 0, caller.timeline.at(-1)?.at ?? 0];
  return {
    ...judge(flow, caller),
    heard: scoreOf(caller),
    endedBy: caller.endedBy ?? "nobody",
    silenceMs: Number.isNaN(greeted) ? Number.NaN : Math.round(longestSilence(caller, greeted, last - invite)),
  };
}
