import type { Redis } from "ioredis";
import { reasonOf } from "../errors.ts";
import { indexTypes, type StackKeys } from "./redis-keys.ts";
import { isWrongType, type RedisRecords } from "./redis-records.ts";

/** Ended calls that go at a time when Redis is full: some 100 KB. */
const FORGOTTEN_AT_ONCE = 200;
const MOST_TRIES = 6;
const ANY_TIME = String(Number.MAX_SAFE_INTEGER);

/** Does again what failed, once its cause is out of the way: ended calls that fill Redis, a key of a wrong type. */
export class RedisRecovery {
  readonly #redis: Redis;
  readonly #keys: StackKeys;
  readonly #records: RedisRecords;
  #makingRoom: Promise<number> | undefined;

  constructor(redis: Redis, keys: StackKeys, records: RedisRecords) {
    this.#redis = redis;
    this.#keys = keys;
    this.#records = records;
  }

  /** @param keys what the work needs beside the indices, each a text */
  async run<Result>(work: () => Promise<Result>, keys: readonly string[] = []): Promise<Result> {
    for (let tries = 1; ; tries++) {
      try {
        return await work();
      } catch (error) {
        if (tries === MOST_TRIES || !(await this.#isCured(error, keys))) throw error;
      }
    }
  }

  /** @param before ended then, ms since 1970. Returns how many are forgotten. */
  forget(before = ANY_TIME): Promise<number> {
    const { own, earlier } = this.#keys;
    return this.#redis.forgetEnded(own, earlier, String(FORGOTTEN_AT_ONCE), before);
  }

  /** Once for all who are refused at the same time. */
  #makeRoom(): Promise<number> {
    this.#makingRoom ??= this.forget().finally(() => {
      this.#makingRoom = undefined;
    });
    return this.#makingRoom;
  }

  async #isCured(error: unknown, keys: readonly string[]): Promise<boolean> {
    if (reasonOf(error).startsWith("OOM")) return (await this.#makeRoom()) > 0;
    if (!isWrongType(error)) return false;
    await this.#setWrongAside(keys);
    return true;
  }

  async #setWrongAside(texts: readonly string[]): Promise<void> {
    const { own } = this.#keys;
    const types = new Map([...texts.map((key) => [key, "string"] as const), ...indexTypes(this.#keys)]);
    const wrong: string[] = [];
    for (const [key, type] of types) if (!(await this.#fits(key, type))) wrong.push(key);
    const isOfEnded = (key: string) => key.startsWith(`${own}ended`);
    // Those of the ended calls belong together.
    const aside = wrong.some(isOfEnded) ? new Set([...wrong, ...[...types.keys()].filter(isOfEnded)]) : wrong;
    for (const key of aside) await this.#records.setAside(key, "is of another type");
    if (wrong.includes(`${own}active`)) await this.#rebuildActive();
  }

  async #fits(key: string, type: string): Promise<boolean> {
    const actual = await this.#redis.type(key);
    if (actual !== type) return actual === "none";
    return !key.endsWith(":revision") || Number.isInteger(Number(await this.#redis.get(key)));
  }

  async #rebuildActive(): Promise<void> {
    const { own } = this.#keys;
    const prefix = `${own}call:`;
    for await (const keys of this.#redis.scanStream({ match: `${prefix.replaceAll(/[[\]*?\\]/g, "\\$&")}*` })) {
      const callIds = (keys as string[]).map((key) => key.slice(prefix.length));
      for (const { context, state } of await this.#records.live(own, callIds))
        await this.#redis.zadd(`${own}active`, state.startedAt, context.callId);
    }
  }
}
