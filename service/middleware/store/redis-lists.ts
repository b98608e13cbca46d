import type { Redis } from "ioredis";
import type { CallRecord } from "../calls/call-record.ts";
import { isBehind, pageOf } from "./call-list.ts";
import type { CallPage, CallPosition, CallQuery } from "./call-store.ts";

const SMALLEST_READ = 50;

/** Reads calls from the indices `calls` and `active`; entries whose record has expired are removed on the way. */
export class RedisLists {
  readonly #redis: Redis;
  readonly #prefix: string;

  constructor(redis: Redis, prefix: string) {
    this.#redis = redis;
    this.#prefix = prefix;
  }

  async active(): Promise<CallRecord[]> {
    const ids = await this.#redis.zrange(`${this.#prefix}active`, "0", "-1");
    return this.records(ids);
  }

  async page({ states, limit, after }: CallQuery): Promise<CallPage> {
    const index = states.includes("ended") ? "calls" : "active";
    const count = Math.max(SMALLEST_READ, limit + 1);
    const found: CallRecord[] = [];
    for (let offset = 0; found.length <= limit; ) {
      const ids = await this.#idsFrom(index, after, offset, count);
      const records = await this.records(ids);
      offset += records.length; // the others are not in the index any more
      found.push(...records.filter((record) => states.includes(record.state.phase) && isBehind(record, after)));
      if (ids.length < count) break;
    }
    return pageOf(found, limit);
  }

  /** The records of these calls, in this order; calls that are gone are left out. */
  async records(ids: readonly string[]): Promise<CallRecord[]> {
    if (ids.length === 0) return [];
    const reads = this.#redis.pipeline();
    for (const id of ids) reads.hget(`${this.#prefix}call:${id}`, "record");
    const texts = ((await reads.exec()) ?? []).map(([error, text]) => {
      if (error) throw error;
      return text;
    });
    const gone = ids.filter((_id, position) => texts[position] === null);
    if (gone.length > 0) await this.#forget(gone);
    return texts.filter((text) => typeof text === "string").map((text) => JSON.parse(text) as CallRecord);
  }

  #idsFrom(index: string, after: CallPosition | undefined, offset: number, count: number): Promise<string[]> {
    const newest = after?.startedAt ?? "+inf";
    return this.#redis.zrange(this.#prefix + index, newest, "-inf", "BYSCORE", "REV", "LIMIT", offset, count);
  }

  async #forget(ids: string[]): Promise<void> {
    await this.#redis
      .pipeline()
      .zrem(`${this.#prefix}active`, ids)
      .zrem(`${this.#prefix}calls`, ids)
      .zrem(`${this.#prefix}changed`, ids)
      .exec();
  }
}
