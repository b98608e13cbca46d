import { clockMs, type Logger } from "@trunkline/shared";
import type { Redis } from "ioredis";
import type { CallRecord } from "../calls/call-record.ts";
import { reasonOf } from "../errors.ts";
import { RecordError, readRecord } from "./record-text.ts";
import type { StackKeys } from "./redis-keys.ts";

const BAD_KEPT_MS = 86_400_000;

/** A record as it was read. */
export interface Kept {
  readonly record: CallRecord;
  /** Of a live call: the token of its last write, and the prefix of its key. */
  readonly live?: { readonly token: string; readonly home: string };
}

/** `left`: a later version's, which this one cannot read. */
type Found = Kept | "gone" | "left";
type Answer = [error: Error | null, value: unknown];

/**
 * Reads the records of calls, of whichever version. One that cannot be read is set aside under `bad:…` for a day, with one line in the log, and
 * counts as unknown: it stops nothing else.
 */
export class RedisRecords {
  readonly #redis: Redis;
  readonly #keys: StackKeys;
  readonly #log: Logger;
  readonly #endedMs: number;
  /** Keys of a later version that the log has told of. */
  readonly #left = new Set<string>();

  constructor(redis: Redis, keys: StackKeys, endedMs: number, log: Logger) {
    this.#redis = redis;
    this.#keys = keys;
    this.#endedMs = endedMs;
    this.#log = log;
  }

  async get(callId: string): Promise<Kept | undefined> {
    const [kept] = await this.find([callId]);
    return kept;
  }

  /** Of these calls those that are known, in this order: live ones, else ended ones, else those of an earlier version. */
  async find(callIds: readonly string[]): Promise<Kept[]> {
    const found = new Map<string, Kept>();
    const missing = () => callIds.filter((callId) => !found.has(callId));
    const note = (kept: readonly Found[]) => {
      for (const one of kept) if (typeof one === "object") found.set(one.record.context.callId, one);
    };
    note(await this.#readLive(this.#keys.own, callIds));
    note((await this.ended(missing())).map((record) => ({ record })));
    note(await this.#readLive(this.#keys.earlier, missing()));
    return callIds.flatMap((callId) => found.get(callId) ?? []);
  }

  /** Those with a key under this prefix, in this order; the ids of others leave its indices. */
  async live(home: string, callIds: readonly string[]): Promise<CallRecord[]> {
    const found = await this.#readLive(home, callIds);
    const gone = callIds.filter((_id, position) => found[position] === "gone");
    if (gone.length > 0) await this.#leaveIndices(home, gone);
    return found.flatMap((one) => (typeof one === "object" ? [one.record] : []));
  }

  /** Ended ones, in this order, without those that are too old. */
  async ended(callIds: readonly string[]): Promise<CallRecord[]> {
    if (callIds.length === 0) return [];
    const texts = await this.#redis.hmget(`${this.#keys.own}ended`, ...callIds);
    const records = await Promise.all(texts.map((text, position) => this.#endedOf(callIds[position] ?? "", text)));
    const oldest = clockMs() - this.#endedMs;
    return records.flatMap((record) => (record && record.state.phaseSince > oldest ? [record] : []));
  }

  /** Puts a key out of the way that is not what it has to be. */
  async setAside(key: string, reason: string): Promise<void> {
    const aside = `${this.#keys.own}bad:${key}`;
    const isMoved = await this.#redis.rename(key, aside).catch(() => false); // another instance was faster
    if (isMoved === false) return;
    await this.#redis.pexpire(aside, BAD_KEPT_MS);
    this.#log.error({ key, aside, reason }, "A key of the call store cannot be read: it is set aside");
  }

  /** Of a text that stands for a call and is none. */
  complain(key: string, callId: string, reason: string): void {
    this.#log.error({ key, callId, reason }, "The record of an ended call cannot be read: it is removed");
  }

  async #readLive(home: string, callIds: readonly string[]): Promise<Found[]> {
    if (callIds.length === 0) return [];
    const reads = this.#redis.pipeline();
    for (const id of callIds) reads.hmget(`${home}call:${id}`, "record", "token");
    const answers: Answer[] = (await reads.exec()) ?? [];
    return Promise.all(callIds.map((id, position) => this.#liveOf(home, id, answers[position] ?? [null, []])));
  }

  async #liveOf(home: string, callId: string, [error, value]: Answer): Promise<Found> {
    const key = `${home}call:${callId}`;
    if (error !== null && !isWrongType(error)) throw error;
    const [text, token] = error === null ? (value as (string | null)[]) : [];
    if (error === null && text === null) return "gone";
    try {
      if (typeof text !== "string" || typeof token !== "string") throw new RecordError("is not a record", false);
      return { record: readRecord(text, callId), live: { token, home } };
    } catch (failure) {
      if (this.#isLeft(failure, key)) return "left";
      await this.setAside(key, reasonOf(failure));
      return "gone";
    }
  }

  async #endedOf(callId: string, text: string | null): Promise<CallRecord | undefined> {
    try {
      return text === null ? undefined : readRecord(text, callId);
    } catch (failure) {
      const key = `${this.#keys.own}ended`;
      if (!this.#isLeft(failure, key)) await this.#removeEnded(key, callId, reasonOf(failure));
      return undefined;
    }
  }

  async #removeEnded(key: string, callId: string, reason: string): Promise<void> {
    if ((await this.#redis.hdel(key, callId)) === 0) return; // another instance was faster
    await this.#redis.zrem(`${key}:start`, callId);
    this.complain(key, callId, reason);
  }

  /** A record of a later version is not ours to touch. */
  #isLeft(failure: unknown, key: string): boolean {
    if (!(failure instanceof RecordError)) throw failure;
    if (failure.isNewer && !this.#left.has(key)) {
      this.#left.add(key);
      this.#log.warn({ key, reason: failure.message }, "A record of a later version is left alone");
    }
    return failure.isNewer;
  }

  async #leaveIndices(home: string, callIds: string[]): Promise<void> {
    const names = home === this.#keys.own ? ["active"] : ["active", "calls"];
    const removal = this.#redis.pipeline();
    for (const name of names) removal.zrem(home + name, callIds);
    await removal.exec();
  }
}

export function isWrongType(error: unknown): boolean {
  return /WRONGTYPE|not an integer/.test(reasonOf(error));
}
