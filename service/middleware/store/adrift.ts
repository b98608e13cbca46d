import { setTimeout as pause } from "node:timers/promises";
import type { CallRecord } from "../calls/call-record.ts";
import type { CallStore, Change } from "./call-store.ts";

const AGAIN_MS = 1_000;

/**
 * Calls that have to go on although their store is away, because a caller sits in silence: kept here by the instance that watches them, and
 * written when the store is back.
 */
export class Adrift {
  readonly #store: Pick<CallStore, "update">;
  readonly #records = new Map<string, CallRecord>();
  readonly #closing = new AbortController();

  constructor(store: Pick<CallStore, "update">) {
    this.#store = store;
  }

  close(): void {
    this.#closing.abort();
  }

  get(callId: string): CallRecord | undefined {
    return this.#records.get(callId);
  }

  /** By the call_sid of the caller's leg, or of LiveKit's. */
  findBySid(sid: string): CallRecord | undefined {
    return [...this.#records.values()].find(({ callSid, state }) => callSid === sid || state.legSid === sid);
  }

  /** As a store does, at once. Undefined: the call is not adrift. */
  update(callId: string, change: Change): CallRecord | undefined {
    const record = this.#records.get(callId);
    if (record === undefined || record.state.phase === "ended") return record;
    const changed = change(record);
    this.#records.set(callId, changed);
    return changed;
  }

  /** Keeps the call here as it was last known; resolves when the store has it again. */
  async keep(record: CallRecord): Promise<void> {
    const { callId } = record.context;
    if (this.#records.has(callId)) return;
    this.#records.set(callId, record);
    while (!this.#closing.signal.aborted && !(await this.#isWritten(callId)))
      await pause(AGAIN_MS, undefined, { signal: this.#closing.signal, ref: false }).catch(() => undefined);
  }

  /** What has become of the call since the write began is written, too. A call that has ended in the store stays so. */
  async #isWritten(callId: string): Promise<boolean> {
    let written: CallRecord | undefined;
    const write: Change = () => {
      written = this.#records.get(callId);
      return written as CallRecord;
    };
    const isReached = await this.#store.update(callId, write).then(
      () => true,
      () => false,
    );
    if (!isReached || (written !== undefined && written !== this.#records.get(callId))) return false;
    return this.#records.delete(callId);
  }
}
