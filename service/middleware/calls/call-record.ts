import type { CallContext } from "@trunkline/shared";
import type { CallOrigin } from "../jambonz/origin.ts";
import type { Verb } from "../jambonz/verbs.ts";
import { type CallState, initialState, type Mark } from "./call-state.ts";

/** One point of a call's time line; `at` in milliseconds since 1970. */
export interface TimelineEntry {
  readonly event: "webhook.received" | Mark;
  readonly at: number;
}

/** What is known about one call; plain data, so that any store can keep it. */
export interface CallRecord {
  /** The call's context as the agent gets it; its `callId` names the call, the room and the queue. */
  readonly context: CallContext;
  /** jambonz's id of the caller's leg. Not a secret: a caller may have chosen it. */
  readonly callSid: string;
  /** Undefined in records of an earlier version. */
  readonly origin?: CallOrigin;
  /** The instance that watches the call: no other one does while it lives. Undefined in records of an earlier version. */
  readonly watcher?: string;
  /** The call whose caller this one has taken over, because its LiveKit was out of reach. */
  readonly earlier?: string;
  readonly state: CallState;
  readonly timeline: readonly TimelineEntry[];
  /** What the caller's webhook was answered, once that is decided: a repeated webhook gets the same. */
  readonly answer?: readonly Verb[];
}

export interface NewCall {
  readonly context: CallContext;
  readonly callSid: string;
  readonly origin?: CallOrigin;
  readonly announcementMs?: number;
  readonly watcher?: string;
  /** Of LiveKit's trunks. */
  readonly mediaTimeoutMs?: number;
  readonly at: number;
}

export function newRecord(call: NewCall): CallRecord {
  const { context, callSid, origin = {}, watcher, announcementMs, mediaTimeoutMs, at } = call;
  const begun = initialState(at, announcementMs, context.flow);
  const state = mediaTimeoutMs === undefined ? begun : { ...begun, mediaTimeoutMs };
  const timeline = [{ event: "webhook.received", at }] as const;
  return { context, callSid, origin, ...(watcher && { watcher }), state, timeline };
}

/** The second try for the caller of a call that was given up; its room is there. */
export function secondTry(lost: CallRecord, callId: string, watcher: string, at: number): CallRecord {
  const { callSid, origin = {}, context, state } = lost;
  const { mediaTimeoutMs } = state;
  const record = newRecord({
    callSid,
    origin,
    context: { ...context, callId },
    watcher,
    ...(mediaTimeoutMs && { mediaTimeoutMs }),
    at,
  });
  return { ...record, earlier: context.callId, state: { ...record.state, isSecondTry: true } };
}
