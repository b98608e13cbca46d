import type { Redis } from "ioredis";
import { reasonOf } from "../errors.ts";
import type { DueEvent, DueEvents } from "./call-store.ts";
import { RecordError, readRecord } from "./record-text.ts";
import type { RedisRecords } from "./redis-records.ts";

/** Ended calls that are still to be told: kept apart from the list of ended calls, which may be short. */
export class RedisEvents {
  readonly #redis: Redis;
  readonly #own: string;
  readonly #records: RedisRecords;

  constructor(redis: Redis, own: string, records: RedisRecords) {
    this.#redis = redis;
    this.#own = own;
    this.#records = records;
  }

  async due(most: number, leaseMs: number): Promise<DueEvents> {
    const [dropped, ...found] = await this.#redis.dueEvents(this.#own, String(most), String(leaseMs));
    const events = await Promise.all(found.map((event) => this.#read(event)));
    return { dropped, events: events.flatMap((event) => event ?? []) };
  }

  async settle(callId: string, againInMs?: number): Promise<void> {
    await this.#redis.settleEvent(this.#own, callId, againInMs === undefined ? "" : String(Math.round(againInMs)));
  }

  /** A later version's is left to instances of that version. */
  async #read([callId, tries, text]: [string, number, string]): Promise<DueEvent | undefined> {
    try {
      return { record: readRecord(text, callId), tries };
    } catch (failure) {
      if (!(failure instanceof RecordError)) throw failure;
      if (failure.isNewer) return undefined;
      this.#records.complain(`${this.#own}events`, callId, reasonOf(failure));
      await this.settle(callId);
      return undefined;
    }
  }
}
