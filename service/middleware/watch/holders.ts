import { randomUUID } from "node:crypto";
import { TIMERS } from "@trunkline/shared";
import type { CallRecord } from "../calls/call-record.ts";
import type { CallStore, Change } from "../store/call-store.ts";

/**
 * Which instance watches which call. A call's record names its watcher, so that it is claimed in the same write; instances say once a second
 * that they live, and nobody says anything for a single call.
 */
export class Holders {
  /** This instance: of one life, so that another one after a restart is another. */
  readonly own = randomUUID();
  readonly #store: Pick<CallStore, "holders" | "resign">;
  #living: ReadonlySet<string> = new Set([this.own]);

  constructor(store: Pick<CallStore, "holders" | "resign">) {
    this.#store = store;
  }

  /** Says that this instance lives. Whether another one has died since, or gone. */
  async beat(): Promise<boolean> {
    const before = this.#living;
    this.#living = new Set(await this.#store.holders(this.own, TIMERS.holderMs));
    return [...before].some((holder) => !this.#living.has(holder));
  }

  async resign(): Promise<void> {
    await this.#store.resign(this.own);
  }

  isOwn({ watcher }: CallRecord): boolean {
    return watcher === undefined || watcher === this.own;
  }

  /** Whether nobody who lives watches the call, as far as is known. */
  isFree({ watcher }: CallRecord): boolean {
    return watcher === undefined || !this.#living.has(watcher);
  }

  /** Makes this instance the watcher of a call that has none. */
  readonly claim: Change = (record) => (this.isFree(record) ? { ...record, watcher: this.own } : record);
}
