import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { Logger } from "@trunkline/shared";
import type { Redis } from "ioredis";
import type { CallRecord } from "../calls/call-record.ts";
import { StoreError } from "../errors.ts";
import type { CallChanges, CallPage, CallQuery, CallStore, Change, Creation } from "./call-store.ts";
import { RedisChanges } from "./redis-changes.ts";
import { connect, type RedisSettings, reached } from "./redis-connection.ts";
import { RedisLists } from "./redis-lists.ts";
import { DEFAULT_RETENTION, keepMs, sidsOf } from "./retention.ts";

/** Lost races before an update gives up. A call has few writers, so that many in a row mean that something is wrong. */
const MAX_RACES = 25;
const RACE_PAUSE_MS = 4;

export interface RedisStoreOptions extends RedisSettings {
  readonly log: Logger;
  /** Stacks may share a Redis: each has keys of its own. */
  readonly stack: string;
  readonly retention?: typeof DEFAULT_RETENTION;
}

/** Calls in Redis, for any number of instances: whoever gets the next hook of a call takes it over from here. */
export class RedisStore implements CallStore {
  readonly #redis: Redis;
  readonly #prefix: string;
  readonly #retention: typeof DEFAULT_RETENTION;
  readonly #lists: RedisLists;
  readonly #changes: RedisChanges;
  /** Of each record that was read or made here: the token under which it is, or was, kept. */
  readonly #tokens = new WeakMap<CallRecord, string>();
  readonly #writer = randomUUID();
  #writes = 0;

  constructor({ stack, log, retention = DEFAULT_RETENTION, ...settings }: RedisStoreOptions) {
    this.#redis = connect(settings, log);
    this.#prefix = `{trunkline:${stack}}:`;
    this.#retention = retention;
    this.#lists = new RedisLists(this.#redis, this.#prefix);
    this.#changes = new RedisChanges(this.#redis, this.#prefix, this.#lists);
  }

  async create(record: CallRecord): Promise<Creation> {
    const { callId } = record.context;
    const keys = [this.#key("sid", record.callSid), this.#key("call", callId)];
    const [active, found] = await reached(this.#redis.createCall(...keys, ...this.#written(record)));
    const known = found === undefined ? record : parse(found);
    // The same id: this very request was sent twice, because the first answer was lost.
    if (known.context.callId === callId) return { record, created: true, active };
    return { record: known, created: false, active };
  }

  async get(callId: string): Promise<CallRecord | undefined> {
    const [text, token] = await reached(this.#redis.hmget(this.#key("call", callId), "record", "token"));
    if (typeof text !== "string" || typeof token !== "string") return undefined;
    const record = parse(text);
    this.#tokens.set(record, token);
    return record;
  }

  async findBySid(sid: string): Promise<CallRecord | undefined> {
    const callId = await reached(this.#redis.get(this.#key("sid", sid)));
    return callId === null ? undefined : this.get(callId);
  }

  async update(callId: string, change: Change, last?: CallRecord): Promise<CallRecord | undefined> {
    if (last !== undefined) {
      const changed = change(last);
      if (changed !== last && (await this.#replace(last, changed))) return changed;
    }
    for (let races = 0; races < MAX_RACES; races++) {
      const record = await this.get(callId);
      if (record === undefined) return undefined;
      const changed = change(record);
      if (changed === record || (await this.#replace(record, changed))) return changed;
      await pause(Math.random() * RACE_PAUSE_MS * (races + 1));
    }
    throw new StoreError("STORE_CONTENDED", `Call ${callId} was changed by others ${MAX_RACES} times in a row.`);
  }

  async active(): Promise<CallRecord[]> {
    return reached(this.#lists.active());
  }

  async list(query: CallQuery): Promise<CallPage> {
    return reached(this.#lists.page(query));
  }

  async revision(): Promise<number> {
    return reached(this.#changes.revision());
  }

  async changedSince(revision: number): Promise<CallChanges | undefined> {
    return reached(this.#changes.since(revision));
  }

  onChange(listener: () => void): () => void {
    return this.#changes.listen(listener);
  }

  async isFirst(key: string, keepSeconds: number): Promise<boolean> {
    const set = this.#redis.set(this.#key("seen", key), "1", "EX", keepSeconds, "NX");
    return (await reached(set)) === "OK";
  }

  async claim(callIds: readonly string[], holder: string, keepMs: number): Promise<string[]> {
    if (callIds.length === 0) return [];
    const keys = callIds.map((callId) => this.#key("claim", callId));
    const held = await reached(this.#redis.claimCalls(keys.length, ...keys, holder, String(keepMs)));
    return held.flatMap((position) => callIds[position - 1] ?? []);
  }

  async check(): Promise<void> {
    await reached(this.#redis.ping());
  }

  async close(): Promise<void> {
    this.#changes.close();
    this.#redis.disconnect();
  }

  /** Whether the call was still as it was read. */
  async #replace(read: CallRecord, record: CallRecord): Promise<boolean> {
    const token = this.#tokens.get(read);
    if (token === undefined) return false;
    const keys = [this.#key("call", record.context.callId), ...sidsOf(record).map((sid) => this.#key("sid", sid))];
    const ended = record.state.phase === "ended" ? "1" : "0";
    const oldest = String(Date.now() - this.#retention.endedMs - this.#retention.activeMs);
    const values = [...this.#written(record), token, ended, oldest];
    return (await reached(this.#redis.updateCall(keys.length, ...keys, ...values))) === 1;
  }

  /** What both scripts start with. */
  #written(record: CallRecord): string[] {
    const { context, state } = record;
    const token = `${this.#writer}-${++this.#writes}`;
    this.#tokens.set(record, token);
    const ttl = String(keepMs(record, this.#retention));
    return [this.#prefix, context.callId, JSON.stringify(record), token, String(state.startedAt), ttl];
  }

  #key(...parts: string[]): string {
    return this.#prefix + parts.join(":");
  }
}

/** Only this class writes there; fields of another version's records are as optional as they are in the type. */
function parse(text: string): CallRecord {
  return JSON.parse(text) as CallRecord;
}
