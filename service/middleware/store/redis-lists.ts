import type { Redis } from "ioredis";
import type { CallRecord } from "../calls/call-record.ts";
import { byNewest, isAsked, pageOf } from "./call-list.ts";
import type { CallPage, CallQuery } from "./call-store.ts";
import type { StackKeys } from "./redis-keys.ts";
import type { RedisRecords } from "./redis-records.ts";

const SMALLEST_READ = 50;

/** An index of call ids by start, and how its records are read. */
interface Index {
  readonly key: string;
  read(callIds: readonly string[]): Promise<CallRecord[]>;
}

/** Starts of calls, both ends included, and how many of the newest to read. */
interface Stretch {
  readonly from: number;
  readonly newest: number;
  readonly count: number;
}

/** Lists calls, of this version and of earlier ones. */
export class RedisLists {
  readonly #redis: Redis;
  readonly #keys: StackKeys;
  readonly #records: RedisRecords;

  constructor(redis: Redis, keys: StackKeys, records: RedisRecords) {
    this.#redis = redis;
    this.#keys = keys;
    this.#records = records;
  }

  /** Live calls, oldest first; `earlier` are those that an earlier version has begun. */
  async active(): Promise<{ records: CallRecord[]; earlier: number }> {
    const { own, earlier } = this.#keys;
    const [ours, theirs] = await Promise.all([own, earlier].map((home) => this.#activeAt(home)));
    return { records: [...(theirs ?? []), ...(ours ?? [])].sort(byNewest).reverse(), earlier: theirs?.length ?? 0 };
  }

  async page(query: CallQuery): Promise<CallPage> {
    const { own, earlier } = this.#keys;
    const live = (home: string) => (callIds: readonly string[]) => this.#records.live(home, callIds);
    const ended = (callIds: readonly string[]) => this.#records.ended(callIds);
    const indices: Index[] = [
      { key: `${own}active`, read: live(own) },
      { key: `${earlier}calls`, read: live(earlier) },
      ...(query.states.includes("ended") ? [{ key: `${own}ended:start`, read: ended }] : []),
    ];
    const found = (await Promise.all(indices.map((index) => this.#first(index, query)))).flat();
    const once = new Map(found.map((record) => [record.context.callId, record])); // a call may end between two reads
    return pageOf([...once.values()].sort(byNewest), query.limit);
  }

  async #activeAt(home: string): Promise<CallRecord[]> {
    const callIds = await this.#redis.zrange(`${home}active`, "0", "-1");
    const records = await this.#records.live(home, callIds);
    return records.filter(({ state }) => state.phase !== "ended");
  }

  /** The first calls of an index that the query asks for: one more than a page, if there are as many. */
  async #first({ key, read }: Index, query: CallQuery): Promise<CallRecord[]> {
    const { limit, from = Number.NEGATIVE_INFINITY } = query;
    const found = new Map<string, CallRecord>();
    let count = Math.max(SMALLEST_READ, limit + 1);
    for (let newest = newestOf(query); found.size <= limit; ) {
      const { callIds, last } = await this.#idsFrom(key, { from, newest, count });
      for (const record of await read(callIds)) if (isAsked(record, query)) found.set(record.context.callId, record);
      if (callIds.length < count) break;
      // Reads overlap by one start: ids without a record leave the index meanwhile, so that positions shift.
      if (last === newest) count *= 2;
      else newest = last;
    }
    return [...found.values()];
  }

  async #idsFrom(key: string, { from, newest, count }: Stretch): Promise<{ callIds: string[]; last: number }> {
    const flat = await this.#redis.zrange(
      key,
      scoreOf(newest),
      scoreOf(from),
      "BYSCORE",
      "REV",
      "LIMIT",
      0,
      count,
      "WITHSCORES",
    );
    return { callIds: flat.filter((_text, index) => index % 2 === 0), last: Number(flat.at(-1)) };
  }
}

function newestOf({ after, to }: CallQuery): number {
  return Math.min(after?.startedAt ?? Number.POSITIVE_INFINITY, to ?? Number.POSITIVE_INFINITY);
}

/** A start as Redis writes it. */
function scoreOf(start: number): string {
  if (Number.isFinite(start)) return String(start);
  return start > 0 ? "+inf" : "-inf";
}
