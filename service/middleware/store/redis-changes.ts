import { EventEmitter } from "node:events";
import type { Redis } from "ioredis";
import type { CallChanges } from "./call-store.ts";
import type { RedisRecords } from "./redis-records.ts";
import { RESUMABLE_CHANGES } from "./retention.ts";

/** Tells what has changed, on a second connection: a subscribed one takes no other commands. Opened for the first listener. */
export class RedisChanges {
  readonly #redis: Redis;
  readonly #prefix: string;
  readonly #records: RedisRecords;
  readonly #told = new EventEmitter().setMaxListeners(0);
  #subscriber: Redis | undefined;

  constructor(redis: Redis, prefix: string, records: RedisRecords) {
    this.#redis = redis;
    this.#prefix = prefix;
    this.#records = records;
  }

  async revision(): Promise<number> {
    return Number(await this.#redis.get(`${this.#prefix}revision`)) || 0;
  }

  /** The revision is read first: what changes meanwhile is told twice rather than never. */
  async since(revision: number): Promise<CallChanges | undefined> {
    const latest = await this.revision();
    if (revision > latest || latest - revision > RESUMABLE_CHANGES) return undefined;
    const ids = await this.#redis.zrange(`${this.#prefix}changed`, `(${revision}`, "+inf", "BYSCORE");
    const kept = await this.#records.find(ids);
    return { records: kept.map(({ record }) => record), revision: latest };
  }

  listen(listener: () => void): () => void {
    this.#subscriber ??= this.#subscribe();
    this.#told.on("change", listener);
    return () => this.#told.off("change", listener);
  }

  close(): void {
    this.#subscriber?.disconnect();
    this.#told.removeAllListeners();
  }

  #subscribe(): Redis {
    const subscriber = this.#redis.duplicate({ maxRetriesPerRequest: null });
    const tell = () => this.#told.emit("change");
    // The first connection logs; and whatever was published while this one was away is looked up at `ready`.
    subscriber
      .on("error", () => undefined)
      .on("ready", tell)
      .on("message", tell);
    subscriber.subscribe(`${this.#prefix}revision`).catch(() => undefined);
    return subscriber;
  }
}
