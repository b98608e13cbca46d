import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { agentPulseSchema, clockMs, type Logger } from "@trunkline/shared";
import type { Redis } from "ioredis";
import type { CallRecord } from "../calls/call-record.ts";
import { StoreError } from "../errors.ts";
import type {
  CallChanges,
  CallPage,
  CallQuery,
  CallStore,
  Change,
  Creation,
  DueEvents,
  KnownPulse,
  Retention,
  WorkerPulse,
} from "./call-store.ts";
import { packEnded } from "./ended-record.ts";
import { recordText } from "./record-text.ts";
import { RedisChanges } from "./redis-changes.ts";
import { connect, type RedisSettings, reached } from "./redis-connection.ts";
import { RedisEvents } from "./redis-events.ts";
import { type StackKeys, stackKeys } from "./redis-keys.ts";
import { RedisLists } from "./redis-lists.ts";
import { type Kept, RedisRecords } from "./redis-records.ts";
import { RedisRecovery } from "./redis-recovery.ts";
import { DEFAULT_RETENTION, ENDED_SIDS_MS, PULSE_KEPT_MS, sidsOf } from "./retention.ts";

/** Lost races before an update gives up. A call has few writers, so that many in a row mean that something is wrong. */
const MAX_RACES = 25;
const RACE_PAUSE_MS = 4;

export interface RedisStoreOptions extends RedisSettings {
  readonly log: Logger;
  /** The stack's identity: stacks may share a Redis, each has keys of its own. */
  readonly stackId: string;
  /** Its name: earlier versions kept calls under it. */
  readonly stack: string;
  readonly retention?: Retention;
}

/** Calls in Redis, for any number of instances: whoever gets the next hook of a call takes it over from here. */
export class RedisStore implements CallStore {
  readonly #redis: Redis;
  readonly #keys: StackKeys;
  readonly #retention: Retention;
  readonly #records: RedisRecords;
  readonly #lists: RedisLists;
  readonly #changes: RedisChanges;
  readonly #recovery: RedisRecovery;
  readonly #events: RedisEvents;
  /** Of each live record that was read or made here: the token under which it is, or was, kept, and where. */
  readonly #live = new WeakMap<CallRecord, NonNullable<Kept["live"]>>();
  readonly #writer = randomUUID();
  #writes = 0;
  /** Live calls that an earlier version has begun, as they were last counted. */
  #earlierCalls: number | undefined;

  constructor({ stack, stackId, log, retention = DEFAULT_RETENTION, ...settings }: RedisStoreOptions) {
    this.#redis = connect(settings, log);
    this.#keys = stackKeys(stackId, stack);
    this.#retention = retention;
    this.#records = new RedisRecords(this.#redis, this.#keys, retention.endedMs, log);
    this.#lists = new RedisLists(this.#redis, this.#keys, this.#records);
    this.#changes = new RedisChanges(this.#redis, this.#keys.own, this.#records);
    this.#recovery = new RedisRecovery(this.#redis, this.#keys, this.#records);
    this.#events = new RedisEvents(this.#redis, this.#keys.own, this.#records);
  }

  async create(record: CallRecord): Promise<Creation> {
    const { callId } = record.context;
    const known = record.earlier === undefined ? await this.#begunEarlier(record.callSid) : undefined;
    if (known !== undefined) return { record: known, created: false, active: this.#earlierCalls ?? 1 };
    const sid = this.#key("sid", record.callSid);
    const write = () =>
      this.#redis.createCall(sid, this.#key("call", callId), ...this.#written(record), record.earlier ?? "");
    const [own, heldId] = await this.#safely(write, [sid]);
    const active = own + (this.#earlierCalls ?? 0);
    // The same id: this very request was sent twice, because the first answer was lost.
    if (heldId === undefined || heldId === callId) return { record, created: true, active };
    if (record.earlier !== undefined) return { record, created: false, active };
    const held = await this.get(heldId);
    if (held !== undefined) return { record: held, created: false, active };
    return this.#createInstead(record, heldId);
  }

  async get(callId: string): Promise<CallRecord | undefined> {
    const kept = await this.#safely(() => this.#records.get(callId));
    if (kept?.live !== undefined) this.#live.set(kept.record, kept.live);
    return kept?.record;
  }

  async findBySid(sid: string): Promise<CallRecord | undefined> {
    const [own, earlier] = [this.#key("sid", sid), `${this.#keys.earlier}sid:${sid}`];
    const ownId = await this.#safely(() => this.#redis.get(own), [own]);
    const callId = ownId ?? (await this.#safely(() => this.#redis.get(earlier), [earlier]));
    return callId === null ? undefined : this.get(callId);
  }

  async update(callId: string, change: Change, last?: CallRecord): Promise<CallRecord | undefined> {
    if (last !== undefined && this.#live.has(last)) {
      const changed = change(last);
      if (changed !== last && (await this.#replace(last, changed))) return changed;
    }
    for (let races = 0; races < MAX_RACES; races++) {
      const record = await this.get(callId);
      if (record === undefined || record.state.phase === "ended") return record;
      const changed = change(record);
      if (changed === record || (await this.#replace(record, changed))) return changed;
      await pause(Math.random() * RACE_PAUSE_MS * (races + 1));
    }
    throw new StoreError("STORE_CONTENDED", `Call ${callId} was changed by others ${MAX_RACES} times in a row.`);
  }

  async active(): Promise<CallRecord[]> {
    const { records, earlier } = await this.#safely(() => this.#lists.active());
    this.#earlierCalls = earlier;
    return records;
  }

  async list(query: CallQuery): Promise<CallPage> {
    return this.#safely(() => this.#lists.page(query));
  }

  async revision(): Promise<number> {
    return this.#safely(() => this.#changes.revision());
  }

  async changedSince(revision: number): Promise<CallChanges | undefined> {
    return this.#safely(() => this.#changes.since(revision));
  }

  onChange(listener: () => void): () => void {
    return this.#changes.listen(listener);
  }

  async holders(holder: string, keepMs: number): Promise<string[]> {
    return this.#safely(() => this.#redis.hold(this.#key("holders"), holder, String(keepMs)));
  }

  async resign(holder: string): Promise<void> {
    await this.#safely(() => this.#redis.zrem(this.#key("holders"), holder));
  }

  async notePulse(pulse: WorkerPulse): Promise<void> {
    await this.#safely(() => this.#redis.notePulse(this.#key("agents"), pulse.worker, JSON.stringify(pulse)));
  }

  async pulses(): Promise<KnownPulse[]> {
    const found = await this.#safely(() => this.#redis.pulses(this.#key("agents"), String(PULSE_KEPT_MS)));
    return found.flatMap(readPulse);
  }

  async dueEvents(most: number, leaseMs: number): Promise<DueEvents> {
    return this.#safely(() => this.#events.due(most, leaseMs));
  }

  async settleEvent(callId: string, againInMs?: number): Promise<void> {
    await this.#safely(() => this.#events.settle(callId, againInMs));
  }

  async check(): Promise<void> {
    const text = randomUUID();
    const read = await this.#safely(() => this.#redis.probe(this.#keys.own, text));
    if (read !== text) throw new StoreError("STORE_UNAVAILABLE", "Redis does not return what was written to it.");
  }

  async prune(): Promise<void> {
    await this.#safely(() => this.#recovery.forget(String(clockMs() - this.#retention.endedMs)));
  }

  async close(): Promise<void> {
    this.#changes.close();
    this.#redis.disconnect();
  }

  /** The same webhook may have come to an instance of an earlier version: asked for only while there are calls of one. */
  async #begunEarlier(callSid: string): Promise<CallRecord | undefined> {
    if (this.#earlierCalls === undefined) await this.active();
    return this.#earlierCalls === 0 ? undefined : this.findBySid(callSid);
  }

  /** The leg's call cannot be read. If it was set aside, the caller is taken as a new one. */
  async #createInstead(record: CallRecord, heldId: string): Promise<Creation> {
    const sid = this.#key("sid", record.callSid);
    const isLeft = await this.#safely(() => this.#redis.exists(this.#key("call", heldId)));
    if (isLeft === 1) throw new StoreError("STORE_UNAVAILABLE", `Call ${heldId} is of a later version.`);
    await this.#safely(() => this.#redis.del(sid));
    return this.create(record);
  }

  /** Whether the call was still as it was read. */
  async #replace(read: CallRecord, record: CallRecord): Promise<boolean> {
    const live = this.#live.get(read);
    if (live === undefined) return false;
    const sids = sidsOf(record).map((sid) => `${live.home}sid:${sid}`);
    const keys = [`${live.home}call:${record.context.callId}`, ...sids];
    const isEnded = record.state.phase === "ended";
    const values = isEnded ? this.#finished(record, live) : this.#written(record, live);
    const write = () =>
      isEnded
        ? this.#redis.finishCall(keys.length, ...keys, ...values)
        : this.#redis.updateCall(keys.length, ...keys, ...values);
    return (await this.#safely(write, sids)) === 1;
  }

  /** ARGV of `createCall`, and of `updateCall` with what was read. */
  #written(record: CallRecord, read?: NonNullable<Kept["live"]>): string[] {
    const { context, state } = record;
    const token = `${this.#writer}-${++this.#writes}`;
    this.#live.set(record, { token, home: read?.home ?? this.#keys.own });
    const fifth = read?.token ?? String(state.startedAt);
    return [this.#keys.own, context.callId, recordText(record), token, fifth, String(this.#retention.activeMs)];
  }

  /** ARGV of `finishCall`. */
  #finished(record: CallRecord, { home, token }: NonNullable<Kept["live"]>): string[] {
    const { endedMs, mostEnded, mostEvents = 0 } = this.#retention;
    const { startedAt, phaseSince } = record.state;
    const sidsMs = Math.min(ENDED_SIDS_MS, endedMs);
    const numbers = [endedMs, startedAt, phaseSince, sidsMs, mostEnded, mostEvents].map(String);
    return [this.#keys.own, record.context.callId, packEnded(record), home, token, ...numbers];
  }

  #safely<Result>(work: () => Promise<Result>, keys: readonly string[] = []): Promise<Result> {
    return reached(this.#recovery.run(work, keys));
  }

  #key(...parts: string[]): string {
    return this.#keys.own + parts.join(":");
  }
}

const keptPulse = agentPulseSchema.omit({ news: true });

/** `<age>:<JSON>`; one of another version that cannot be read counts as not told. */
function readPulse(text: string): KnownPulse[] {
  const at = text.indexOf(":");
  const { data } = keptPulse.safeParse(parsed(text.slice(at + 1)));
  return data === undefined ? [] : [{ ...data, ageMs: Number(text.slice(0, at)) }];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
