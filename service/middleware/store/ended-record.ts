import type { AgentReport } from "@trunkline/shared";
import type { CallRecord, TimelineEntry } from "../calls/call-record.ts";

const PACKED_VERSION = 2;
/** Written by their position: add to the end only. An event that is not here is written by its name. */
const EVENTS: readonly string[] = [
  "webhook.received",
  "room.created",
  "agent.ready",
  "participant.created",
  "agent_leg.webhook",
  "agent.lost",
  "call.fallback",
  "call.ended",
  "call.again",
] satisfies TimelineEntry["event"][];
/** Also by position. */
const FLOWS: readonly string[] = ["callback", "dial"];

/**
 * What is kept of an ended call: a list, a third of its record's size. Left out is what only a live call needs: its verbs, its headers, the
 * clocks of the state machine. Times are offsets from the start, `null` is what is missing.
 */
export function packEnded({ context, callSid, origin, earlier, state, timeline }: CallRecord): string {
  const { startedAt, phaseSince, agentReady } = state;
  return JSON.stringify([
    PACKED_VERSION,
    [startedAt, phaseSince - startedAt, FLOWS.indexOf(state.flow), Number(agentReady)],
    [context.caller, context.called, context.carrier],
    [callSid, state.legSid, state.livekitCallId, origin?.sipCallId, origin?.jambonzTraceId],
    [state.reason, state.transferTo, state.isRinging, ...(earlier === undefined ? [] : [earlier])],
    origin?.offeredCodecs ?? null,
    state.agentReport ? packReport(state.agentReport) : null,
    timeline.flatMap(({ event, at }) => [codeOf(event), at - startedAt]),
  ]);
}

/** The record of a list that `packEnded` wrote; whether it is complete is for the reader to judge. */
export function unpackEnded(packed: readonly unknown[], callId: string): unknown {
  const [, times, parties, ids, texts, offeredCodecs, report, points] = packed;
  const [startedAt, lastedMs, flowCode, agentReady] = listOf(times).map(Number) as [number, number, number, number];
  const flow = FLOWS[flowCode];
  const [caller, called, carrier] = listOf(parties);
  const [callSid, legSid, livekitCallId, sipCallId, jambonzTraceId] = listOf(ids);
  const [reason, transferTo, isRinging, earlier] = listOf(texts);
  const clocks = { startedAt, phaseSince: startedAt + lastedMs, assumeInQueueAt: startedAt, lastDispatchAt: startedAt };
  const agentReport = Array.isArray(report) ? unpackReport(report) : null;
  const news = { agentReport, livekitCallId, legSid, isRinging, transferTo, reason };
  return {
    context: given({ callId, flow, caller, called, carrier, headers: {} }),
    callSid,
    origin: given({ sipCallId, jambonzTraceId, offeredCodecs }),
    ...given({ earlier }),
    state: given({ phase: "ended", flow, agentReady: agentReady === 1, inQueue: false, ...clocks, ...news }),
    timeline: pairs(listOf(points)).map(([code, offset]) => ({ event: eventOf(code), at: startedAt + Number(offset) })),
  };
}

function packReport({ joinMs, readyMs, firstAudioMs, turns, turnLatencyMs, interruptions }: AgentReport): unknown[] {
  return [joinMs, readyMs, firstAudioMs, turns, interruptions, turnLatencyMs?.mean, turnLatencyMs?.longest];
}

function unpackReport([joinMs, readyMs, firstAudioMs, turns, interruptions, mean, longest]: unknown[]): object {
  const turnLatencyMs = typeof mean === "number" ? { mean, longest } : null;
  return given({ joinMs, readyMs, firstAudioMs, turns, interruptions, turnLatencyMs });
}

function codeOf(event: string): number | string {
  const code = EVENTS.indexOf(event);
  return code < 0 ? event : code;
}

function eventOf(code: unknown): unknown {
  return typeof code === "number" ? EVENTS[code] : code;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function pairs(list: readonly unknown[]): [unknown, unknown][] {
  return list.flatMap((one, index): [unknown, unknown][] => (index % 2 === 0 ? [[one, list[index + 1]]] : []));
}

function given(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined));
}
