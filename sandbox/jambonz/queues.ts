import type { Leg } from "./leg.ts";

/** One of two legs that are being joined. */
export interface Side {
  callSid: string;
  leg: Leg;
  /** The other side has hung up. */
  hangup(): void;
}

/** The side that takes a caller out of a queue; `ready` bridges, or returns false where it is gone already. */
export interface Taker extends Side {
  ready(caller: Side): boolean;
}

/** A caller in a queue. `take` throws where it cannot be joined any more. */
export interface Member {
  callSid: string;
  take(taker: Taker): void;
}

interface Entry {
  member: Member;
  priority: number;
  order: number;
}

const DEFAULT_PRIORITY = 999; // feature-server lib/tasks/enqueue.js

/**
 * Callers waiting, by queue: lowest priority number first, then in order of arrival (read: feature-server
 * lib/tasks/enqueue.js). Empty queues leave nothing.
 */
export class Queues {
  readonly #queues = new Map<string, Map<string, Entry>>();
  #order = 0;

  /** Adds a caller; returns the queue's size. A negative priority counts as none. */
  add(queue: string, member: Member, priority?: number): number {
    const entries = this.#queues.get(queue) ?? new Map<string, Entry>();
    this.#queues.set(queue, entries);
    const rank = priority === undefined || priority < 0 ? DEFAULT_PRIORITY : priority;
    entries.set(member.callSid, { member, priority: rank, order: ++this.#order });
    return entries.size;
  }

  size(queue: string): number {
    return this.#queues.get(queue)?.size ?? 0;
  }

  /** How many callers are before this one; 0 for one that is not in the queue. */
  position(queue: string, callSid: string): number {
    const entries = this.#queues.get(queue);
    const own = entries?.get(callSid);
    if (!entries || !own) return 0;
    return [...entries.values()].filter((entry) => compare(entry, own) < 0).length;
  }

  /** Takes one caller out: the named one, else the first. */
  take(queue: string, callSid?: string): Member | undefined {
    const entries = this.#queues.get(queue);
    const entry = callSid ? entries?.get(callSid) : first(entries);
    if (entry) this.remove(queue, entry.member.callSid);
    return entry?.member;
  }

  remove(queue: string, callSid: string): void {
    const entries = this.#queues.get(queue);
    entries?.delete(callSid);
    if (entries?.size === 0) this.#queues.delete(queue);
  }
}

function compare(a: Entry, b: Entry): number {
  return a.priority - b.priority || a.order - b.order;
}

function first(entries: Map<string, Entry> | undefined): Entry | undefined {
  let best: Entry | undefined;
  for (const entry of entries?.values() ?? []) {
    if (!best || compare(entry, best) < 0) best = entry;
  }
  return best;
}
