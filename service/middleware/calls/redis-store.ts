import { randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { Logger } from "@trunkline/shared";
import type { Redis } from "ioredis";
import { StoreError } from "../errors.ts";
import type { CallRecord } from "./call-record.ts";
import type { CallChanges, CallPage, CallQuery, CallStore } from "./call-store.ts";
import { RedisChanges } from "./redis-changes.ts";
import { connect, type RedisSettings, reached } from "./redis-connection.ts";
import { RedisLists } from "./redis-lists.ts";
import { CLAIM, CREATE, UPDATE } from "./redis-scripts.ts";
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

  constructor({ stack, log, retention = DEFAULT_RETENTION, ...settings }: RedisStoreOptions) {
    this.#redis = connect(settings, log);
    this.#prefix = `{trunkline:${stack}}:`;
    this.#retention = retention;
    this.#lists = new RedisLists(this.#redis, this.#prefix);
    this.#changes = new RedisChanges(this.#redis, this.#prefix, this.#lists);
  }

  async create(record: CallRecord): Promise<{ record: CallRecord; created: boolean }> {
    const keys = [this.#key("sid", record.callSid), this.#key("call", record.context.callId)];
    const found = await reached(this.#redis.eval(CREATE, keys.length, ...keys, ...this.#written(record, newToken())));
    const known = typeof found === "string" ? parse(found) : undefined;
    // The same id: this very request was sent twice, because the first answer was lost.
    if (known === undefined || known.context.callId === record.context.callId) return { record, created: true };
    return { record: known, created: false };
  }

  async get(callId: string): Promise<CallRecord | undefined> {
    const text = await reached(this.#redis.hget(this.#key("call", callId), "record"));
    return text === null ? undefined : parse(text);
  }

  async findBySid(sid: string): Promise<CallRecord | undefined> {
    const callId = await reached(this.#redis.get(this.#key("sid", sid)));
    return callId === null ? undefined : this.get(callId);
  }

  async update(callId: string, change: (record: CallRecord) => CallRecord): Promise<CallRecord | undefined> {
    for (let races = 0; races < MAX_RACES; races++) {
      const [text, token] = await reached(this.#redis.hmget(this.#key("call", callId), "record", "token"));
      if (typeof text !== "string" || typeof token !== "string") return undefined;
      const record = parse(text);
      const changed = change(record);
      if (changed === record || (await this.#replace(token, changed))) return changed;
      await pause(Math.random() * RACE_PAUSE_MS * (races + 1));
    }
    throw new StoreError("STORE_CONTENDED", `Call ${callId} was changed by others ${MAX_RACES} times in a row.`);
  }

  async active(): Promise<CallRecord[]> {
    return reached(this.#lists.active());
  }

  async countActive(): Promise<number> {
    return reached(this.#redis.zcard(this.#key("active")));
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
    const held = await reached(this.#redis.eval(CLAIM, keys.length, ...keys, holder, keepMs));
    return (held as number[]).flatMap((position) => callIds[position - 1] ?? []);
  }

  async check(): Promise<void> {
    await reached(this.#redis.ping());
  }

  async close(): Promise<void> {
    this.#changes.close();
    this.#redis.disconnect();
  }

  async #replace(read: string, record: CallRecord): Promise<boolean> {
    const keys = [this.#key("call", record.context.callId), ...sidsOf(record).map((sid) => this.#key("sid", sid))];
    const ended = record.state.phase === "ended" ? "1" : "0";
    const oldest = String(Date.now() - this.#retention.endedMs - this.#retention.activeMs);
    const values = [...this.#written(record, newToken()), read, ended, oldest];
    return (await reached(this.#redis.eval(UPDATE, keys.length, ...keys, ...values))) === 1;
  }

  /** What both scripts start with. */
  #written(record: CallRecord, token: string): string[] {
    const { context, state } = record;
    const ttl = String(keepMs(record, this.#retention));
    return [this.#prefix, context.callId, JSON.stringify(record), token, String(state.startedAt), ttl];
  }

  #key(...parts: string[]): string {
    return this.#prefix + parts.join(":");
  }
}

function newToken(): string {
  return randomBytes(9).toString("base64url");
}

/** Only this class writes there; fields of another version's records are as optional as they are in the type. */
function parse(text: string): CallRecord {
  return JSON.parse(text) as CallRecord;
}
