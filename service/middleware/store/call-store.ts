import type { AgentPulse } from "@trunkline/shared";
import type { CallRecord } from "../calls/call-record.ts";
import type { Phase } from "../calls/call-state.ts";

/** Where a call stands in a list: newest first, equal times by descending id. */
export interface CallPosition {
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly callId: string;
}

export interface CallQuery {
  readonly states: readonly Phase[];
  /** At most so many calls, from 1 on. */
  readonly limit: number;
  /** Only calls behind this one. */
  readonly after?: CallPosition;
  /** Only calls that began at this time or later, in milliseconds since 1970. */
  readonly from?: number;
  /** Only calls that began before this time, in milliseconds since 1970. */
  readonly to?: number;
}

export interface CallPage {
  /** Newest first. */
  readonly records: readonly CallRecord[];
  /** Where the next page starts; undefined on the last page. */
  readonly next?: CallPosition;
}

export interface CallChanges {
  /** Each changed call once, as it is now, in the order of its last change. */
  readonly records: readonly CallRecord[];
  /** Everything up to here is in `records`, or was before. */
  readonly revision: number;
}

export interface Creation {
  /** Whichever is kept. */
  readonly record: CallRecord;
  /** Whether it is the given one. */
  readonly created: boolean;
  /** How many calls have not ended now, this one among them. */
  readonly active: number;
}

/** What is kept of a worker's pulse. */
export type WorkerPulse = Pick<AgentPulse, "worker" | "free" | "calls">;
export type KnownPulse = WorkerPulse & { readonly ageMs: number };

/** An ended call that its receiver has not taken yet. */
export interface DueEvent {
  readonly record: CallRecord;
  /** How often it was given out, this time included. */
  readonly tries: number;
}
export interface DueEvents {
  readonly events: readonly DueEvent[];
  /** Given up since the last time, because too many waited. */
  readonly dropped: number;
}

export type Change = (record: CallRecord) => CallRecord;

/**
 * Where call records live. Every method is atomic, also between several instances of the middleware.
 * A store that cannot be reached rejects (`STORE_UNAVAILABLE`) within a second: nobody on the phone waits for it.
 */
export interface CallStore {
  /**
   * Keeps the record unless one with its `callSid` is there. One that takes an earlier call's place (`earlier`) is kept only while that one
   * lives, and has the `callSid` from then on.
   */
  create(record: CallRecord): Promise<Creation>;
  get(callId: string): Promise<CallRecord | undefined>;
  /** By jambonz's call_sid of the caller's leg or of the agent's leg. */
  findBySid(sid: string): Promise<CallRecord | undefined>;
  /**
   * Replaces a record by what `change` makes of it; nothing is written when it returns the same object. An ended call stays as it is: it is
   * kept without what only a live call needs, and `change` is not called.
   * `change` has to be pure: a store may call it again after a lost race. Returns the record that is kept, undefined if unknown.
   * @param last the record as this store gave or took it last: it is read again only if it is another one by now, or stays as it is.
   */
  update(callId: string, change: Change, last?: CallRecord): Promise<CallRecord | undefined>;
  /** All calls that have not ended, oldest first. */
  active(): Promise<CallRecord[]>;
  list(query: CallQuery): Promise<CallPage>;
  /** The number of the latest change; it grows with every write of any instance. */
  revision(): Promise<number>;
  /** What has changed after that revision; undefined when that is too long ago (or of another store): start with a list. */
  changedSince(revision: number): Promise<CallChanges | undefined>;
  /** Calls `listener` soon after a change, of any instance; several changes may be told as one. Returns the way to stop it. */
  onChange(listener: () => void): () => void;
  /** Says that this instance lives; returns all that have said so within the last `keepMs`. */
  holders(holder: string, keepMs: number): Promise<string[]>;
  /** Says that it does not live any more: others take its calls at once. */
  resign(holder: string): Promise<void>;
  /** Keeps what a worker of the agent has said of itself last. */
  notePulse(pulse: WorkerPulse): Promise<void>;
  /** What workers have said within the last minute, each with its age by the store's clock. */
  pulses(): Promise<KnownPulse[]>;
  /** Ended calls that are to be told now; nobody else gets them for `leaseMs`, or until they are settled. */
  dueEvents(most: number, leaseMs: number): Promise<DueEvents>;
  /** Forgets what was told, or gives it out again in so many ms. */
  settleEvent(callId: string, againInMs?: number): Promise<void>;
  /** Writes and reads back what a new call needs. Rejects when that fails: no call could be kept. */
  check(): Promise<void>;
  /** Forgets ended calls that are too old. */
  prune(): Promise<void>;
  close(): Promise<void>;
}

/** How long records are kept, in ms: ended ones from their end on, others from their last change on. */
export interface Retention {
  readonly endedMs: number;
  readonly activeMs: number;
  /** No more ended ones than that: the oldest end goes first. */
  readonly mostEnded: number;
  /** Ended calls that wait to be told, at most; the one that is due first goes. 0, the default: nobody is told. */
  readonly mostEvents?: number;
}
