import type { CallRecord, TimelineEntry } from "../calls/call-record.ts";
import type { CallStore } from "./call-store.ts";

/** Told about each new point of a call's time line, once, by the instance that wrote it. */
export type OnNews = (record: CallRecord, entries: readonly TimelineEntry[]) => void;

/** A store that tells what is new in the records that are written through it. */
export function observed(store: CallStore, onNews: OnNews): CallStore {
  return {
    create: async (record) => {
      const result = await store.create(record);
      if (result.created) onNews(record, record.timeline);
      return result;
    },
    update: async (callId, change, last) => {
      let known = 0;
      const record = await store.update(
        callId,
        (current) => {
          known = current.timeline.length;
          return change(current);
        },
        last,
      );
      if (record !== undefined && record.timeline.length > known) onNews(record, record.timeline.slice(known));
      return record;
    },
    get: (callId) => store.get(callId),
    findBySid: (sid) => store.findBySid(sid),
    active: () => store.active(),
    list: (query) => store.list(query),
    revision: () => store.revision(),
    changedSince: (revision) => store.changedSince(revision),
    onChange: (listener) => store.onChange(listener),
    holders: (holder, keepMs) => store.holders(holder, keepMs),
    resign: (holder) => store.resign(holder),
    notePulse: (pulse) => store.notePulse(pulse),
    pulses: () => store.pulses(),
    dueEvents: (most, leaseMs) => store.dueEvents(most, leaseMs),
    settleEvent: (callId, againInMs) => store.settleEvent(callId, againInMs),
    check: () => store.check(),
    prune: () => store.prune(),
    close: () => store.close(),
  };
}
