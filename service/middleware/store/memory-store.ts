import { EventEmitter } from "node:events";
import { clockMs } from "@trunkline/shared";
import type { CallRecord } from "../calls/call-record.ts";
import { byNewest, isAsked, pageOf } from "./call-list.ts";
import type {
  CallChanges,
  CallPage,
  CallQuery,
  CallStore,
  Creation,
  DueEvents,
  KnownPulse,
  Retention,
  WorkerPulse,
} from "./call-store.ts";
import { DEFAULT_RETENTION, PULSE_KEPT_MS, RESUMABLE_CHANGES, sidsOf } from "./retention.ts";

const SWEEP_EVERY_MS = 60_000;

interface Kept {
  readonly record: CallRecord;
  readonly revision: number;
  readonly until: number;
}

/** Calls in the memory of one process: enough for one instance, gone with it. */
export class MemoryStore implements CallStore {
  readonly #byId = new Map<string, Kept>();
  readonly #idBySid = new Map<string, string>();
  /** Call ids. */
  readonly #unended = new Set<string>();
  /** Call ids, in the order of their ends. */
  readonly #ended = new Set<string>();
  /** When each was last said to live. */
  readonly #holders = new Map<string, number>();
  /** Ended calls that are to be told, by their ids. */
  readonly #events = new Map<string, { readonly record: CallRecord; tries: number; dueAt: number }>();
  #droppedEvents = 0;
  readonly #pulses = new Map<string, { readonly pulse: WorkerPulse; readonly at: number }>();
  readonly #changes = new EventEmitter().setMaxListeners(0);
  readonly #retention: Retention;
  readonly #now: () => number;
  #revision = 0;
  #sweptAt = 0;

  constructor(retention = DEFAULT_RETENTION, now: () => number = clockMs) {
    this.#retention = retention;
    this.#now = now;
  }

  async create(record: CallRecord): Promise<Creation> {
    this.#sweep();
    const known = this.#find(record.callSid);
    if (record.earlier !== undefined) return this.#succeed(record, known);
    if (known === undefined) this.#keep(record);
    return { record: known ?? record, created: known === undefined, active: this.#unended.size };
  }

  #succeed(record: CallRecord, known: CallRecord | undefined): Creation {
    const created = known?.context.callId === record.earlier && known?.state.phase !== "ended";
    if (created) this.#keep(record);
    return { record, created, active: this.#unended.size };
  }

  async get(callId: string): Promise<CallRecord | undefined> {
    return this.#get(callId);
  }

  async findBySid(sid: string): Promise<CallRecord | undefined> {
    return this.#find(sid);
  }

  async update(callId: string, change: (record: CallRecord) => CallRecord): Promise<CallRecord | undefined> {
    const record = this.#get(callId);
    if (record === undefined || record.state.phase === "ended") return record;
    const changed = change(record);
    if (changed !== record) this.#keep(changed);
    return changed;
  }

  async active(): Promise<CallRecord[]> {
    return this.#live()
      .filter((record) => record.state.phase !== "ended")
      .sort(byNewest)
      .reverse();
  }

  async list(query: CallQuery): Promise<CallPage> {
    const wanted = this.#live().filter((record) => isAsked(record, query));
    return pageOf(wanted.sort(byNewest), query.limit);
  }

  async revision(): Promise<number> {
    return this.#revision;
  }

  async changedSince(revision: number): Promise<CallChanges | undefined> {
    if (revision > this.#revision || this.#revision - revision > RESUMABLE_CHANGES) return undefined;
    const changed = [...this.#byId.values()].filter((kept) => kept.revision > revision);
    const records = changed.sort((one, other) => one.revision - other.revision).map((kept) => kept.record);
    return { records, revision: this.#revision };
  }

  onChange(listener: () => void): () => void {
    this.#changes.on("change", listener);
    return () => this.#changes.off("change", listener);
  }

  async holders(holder: string, keepMs: number): Promise<string[]> {
    const now = this.#now();
    this.#holders.set(holder, now);
    for (const [one, at] of this.#holders) if (at <= now - keepMs) this.#holders.delete(one);
    return [...this.#holders.keys()];
  }

  async resign(holder: string): Promise<void> {
    this.#holders.delete(holder);
  }

  async notePulse(pulse: WorkerPulse): Promise<void> {
    this.#pulses.set(pulse.worker, { pulse, at: this.#now() });
  }

  async pulses(): Promise<KnownPulse[]> {
    const now = this.#now();
    for (const [worker, { at }] of this.#pulses) if (now - at >= PULSE_KEPT_MS) this.#pulses.delete(worker);
    return [...this.#pulses.values()].map(({ pulse, at }) => ({ ...pulse, ageMs: now - at }));
  }

  async dueEvents(most: number, leaseMs: number): Promise<DueEvents> {
    const now = this.#now();
    const due = [...this.#events.values()].filter(({ dueAt }) => dueAt <= now).slice(0, most);
    for (const event of due) Object.assign(event, { tries: event.tries + 1, dueAt: now + leaseMs });
    const dropped = this.#droppedEvents;
    this.#droppedEvents = 0;
    return { events: due.map(({ record, tries }) => ({ record, tries })), dropped };
  }

  async settleEvent(callId: string, againInMs?: number): Promise<void> {
    const event = this.#events.get(callId);
    if (againInMs === undefined) this.#events.delete(callId);
    else if (event !== undefined) event.dueAt = this.#now() + againInMs;
  }

  async check(): Promise<void> {
    // Nothing that could be away.
  }

  async prune(): Promise<void> {
    this.#sweep();
  }

  async close(): Promise<void> {
    this.#changes.removeAllListeners();
  }

  #get(callId: string): CallRecord | undefined {
    const kept = this.#byId.get(callId);
    return kept !== undefined && kept.until > this.#now() ? kept.record : undefined;
  }

  #find(sid: string): CallRecord | undefined {
    const callId = this.#idBySid.get(sid);
    return callId === undefined ? undefined : this.#get(callId);
  }

  #live(): CallRecord[] {
    const now = this.#now();
    return [...this.#byId.values()].filter((kept) => kept.until > now).map((kept) => kept.record);
  }

  #keep(record: CallRecord): void {
    const { callId } = record.context;
    const { phase, phaseSince } = record.state;
    const isEnded = phase === "ended";
    const until = isEnded ? phaseSince + this.#retention.endedMs : this.#now() + this.#retention.activeMs;
    this.#byId.set(callId, { record, revision: ++this.#revision, until });
    if (isEnded) this.#end(record);
    else this.#unended.add(callId);
    for (const sid of sidsOf(record)) this.#idBySid.set(sid, callId);
    this.#changes.emit("change");
  }

  #end(record: CallRecord): void {
    const { callId } = record.context;
    this.#noteEvent(callId, record);
    this.#unended.delete(callId);
    this.#ended.add(callId);
    const [oldest] = this.#ended;
    if (this.#ended.size > this.#retention.mostEnded && oldest !== undefined) this.#forget(oldest);
  }

  #noteEvent(callId: string, record: CallRecord): void {
    const { mostEvents = 0 } = this.#retention;
    if (mostEvents === 0) return;
    this.#events.set(callId, { record, tries: 0, dueAt: record.state.phaseSince });
    const [first] = this.#events.keys();
    if (this.#events.size <= mostEvents || first === undefined) return;
    this.#events.delete(first);
    this.#droppedEvents++;
  }

  #forget(callId: string): void {
    const kept = this.#byId.get(callId);
    if (kept !== undefined) for (const sid of sidsOf(kept.record)) this.#idBySid.delete(sid);
    this.#byId.delete(callId);
    this.#unended.delete(callId);
    this.#ended.delete(callId);
  }

  #sweep(): void {
    const now = this.#now();
    if (now - this.#sweptAt < SWEEP_EVERY_MS) return;
    this.#sweptAt = now;
    for (const [callId, { until }] of this.#byId) if (until <= now) this.#forget(callId);
  }
}
