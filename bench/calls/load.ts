import { setTimeout as sleep } from "node:timers/promises";
import { heardTonesInTurns } from "../../sandbox/callers/tone.ts";
import type { FlowName, System } from "../../sandbox/calls/system.ts";
import { isLeg } from "../../service/middleware/livekit/views.ts";
import { callerIdentity, roomName } from "../../service/shared/index.ts";
import { isSilent, judge, type Verdict } from "./judge.ts";
import { type LiveKitRequests, livekitRequests } from "./requests.ts";

export interface LoadOptions {
  calls: number;
  perSecond: number;
  /** How long an agent talks after the greeting before it hangs up, ms. */
  talkMs: number;
}

/** What one load did to its callers. */
export interface LoadReport extends LoadOptions {
  agent: number;
  /** Of those with the agent: audio went both ways. */
  bothWays: number;
  fallback: number;
  /** Neither agent nor fallback. */
  lost: number;
  /** Fallbacks later than their limit. */
  late: number;
  /** Callers in silence beyond the limits. */
  silent: number;
  flows: Record<FlowName, FlowReport>;
  /** Webhooks that were answered with 5xx, and tries that were not answered at all. */
  hooks5xx: number;
  hooksUnanswered: number;
  /** Callers with neither agent nor fallback in time, and those in silence; at most 30. */
  examples: Verdict[];
  /** To LiveKit's API: of all, without those of the bench itself. */
  requests: RequestReport;
  /** What was left after two rounds of the middleware's janitor. */
  left: { rooms: number; calls: number; legs: number };
}

export interface RequestReport {
  total: number;
  perCall: number;
  /** Of a second in which a call was under way. */
  perCallSecond: number;
  /** The part of it that only looks: what a long call costs. */
  looksPerCallSecond: number;
  byMethod: Record<string, number>;
}

export interface FlowReport {
  calls: number;
  agent: number;
  /** From the INVITE to the greeting, ms. */
  greetingMs: { p50: number; p95: number; max: number };
  startMs: number;
  gapMs: number;
}

const FLOWS = ["callback", "dial"] as const satisfies FlowName[];
const PATIENCE = { holdMs: 45_000, timeoutMs: 30_000, bye: "callee" } as const;
const MOST_EXAMPLES = 30;
/** Two rounds of the middleware's janitor. */
const LEFTOVERS_MS = 75_000;

/** Places the calls, alternating between the flows, each ended by its agent (or by the fallback). */
export async function load(system: System, options: LoadOptions, onCall: (done: number) => void): Promise<LoadReport> {
  const stop = hangUpAfter(system, options.talkMs);
  const over = new Gate(options.calls);
  const calls: Promise<Verdict>[] = [];
  const before = await livekitRequests(system);
  let [done, seconds] = [0, 0];
  for (let number = 0; number < options.calls; number++) {
    const flow = FLOWS[number % 2] as FlowName;
    const startedAt = Date.now();
    const analyse = async (heard: Int16Array) => {
      seconds += (Date.now() - startedAt) / 1_000;
      onCall(++done);
      await over.reach();
      return heardTonesInTurns(heard);
    };
    const call = system.call(flow, { ...PATIENCE, analyse }).then(({ caller }) => judge(flow, caller));
    calls.push(call);
    call.catch(() => void over.reach()); // nobody is to wait for a call that could not be placed
    await sleep(1_000 / options.perSecond);
  }
  const verdicts = await Promise.all(calls);
  stop();
  const requests = costOf(before, await livekitRequests(system), options.calls, seconds);
  return report(system, options, verdicts, requests);
}

function costOf(before: LiveKitRequests, after: LiveKitRequests, calls: number, seconds: number): RequestReport {
  const byMethod = Object.fromEntries([...after].map(([name, count]) => [name, count - (before.get(name) ?? 0)]));
  const total = Object.values(byMethod).reduce((sum, count) => sum + count, 0);
  const looks = Object.entries(byMethod).reduce((sum, [name, count]) => sum + (name.startsWith("List") ? count : 0), 0);
  const perSecond = (count: number) => rounded(count / seconds);
  const perCall = rounded(total / calls);
  return { total, perCall, perCallSecond: perSecond(total), looksPerCallSecond: perSecond(looks), byMethod };
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

/** Opens when everybody has come: what is heard is analysed when no call needs the CPU any more. */
class Gate {
  #missing: number;
  readonly #open = Promise.withResolvers<void>();

  constructor(count: number) {
    this.#missing = count;
  }

  reach(): Promise<void> {
    if (--this.#missing <= 0) this.#open.resolve();
    return this.#open.promise;
  }
}

/** Ends each conversation some time after its greeting, from LiveKit's side: with its leg, whereupon the agent leaves. */
function hangUpAfter(system: System, talkMs: number): () => void {
  return system.events.onEvent(({ source, event, callId }) => {
    if (source !== "agent" || event !== "greeting.finished" || callId === undefined) return;
    setTimeout(() => void endLeg(system, callId).catch(() => undefined), talkMs);
  });
}

async function endLeg({ rooms }: System, callId: string): Promise<void> {
  const room = roomName(callId);
  const legs = (await rooms.listParticipants(room)).filter((one) => isLeg(one, callerIdentity(callId)));
  await Promise.all(legs.map(({ identity }) => rooms.removeParticipant(room, identity)));
}

async function report(
  system: System,
  options: LoadOptions,
  verdicts: Verdict[],
  requests: RequestReport,
): Promise<LoadReport> {
  const left = await system.leftovers(LEFTOVERS_MS);
  const hooks = system.refusedHooks();
  const count = (isWanted: (verdict: Verdict) => boolean) => verdicts.filter(isWanted).length;
  return {
    ...options,
    requests,
    agent: count(({ outcome }) => outcome === "agent"),
    bothWays: count(({ outcome, echoed }) => outcome === "agent" && echoed),
    fallback: count(({ outcome }) => outcome === "fallback"),
    lost: count(({ outcome }) => outcome === "lost"),
    late: count(({ outcome, inTime }) => outcome === "fallback" && !inTime),
    silent: count(isSilent),
    examples: verdicts.filter((verdict) => !verdict.inTime || isSilent(verdict)).slice(0, MOST_EXAMPLES),
    flows: { callback: ofFlow("callback", verdicts), dial: ofFlow("dial", verdicts) },
    hooks5xx: hooks.filter(({ status }) => Number(status) >= 500).length,
    hooksUnanswered: hooks.filter(({ status }) => status === undefined).length,
    left: { rooms: left.rooms.length, calls: left.calls.length, legs: left.legs },
  };
}

function ofFlow(flow: FlowName, verdicts: Verdict[]): FlowReport {
  const own = verdicts.filter((verdict) => verdict.flow === flow);
  const greeted = own.filter(({ outcome }) => outcome === "agent").map(({ waitMs }) => waitMs);
  return {
    calls: own.length,
    agent: greeted.length,
    greetingMs: { p50: percentile(greeted, 0.5), p95: percentile(greeted, 0.95), max: percentile(greeted, 1) },
    startMs: percentile(
      own.map(({ startMs }) => startMs),
      1,
    ),
    gapMs: percentile(
      own.map(({ gapMs }) => gapMs),
      1,
    ),
  };
}

function percentile(values: number[], share: number): number {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  return Math.round(sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN);
}
