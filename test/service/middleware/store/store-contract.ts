import { setTimeout as pause } from "node:timers/promises";
import { type CallRecord, newRecord } from "../../../../service/middleware/calls/call-record.ts";
import { PHASES, type Phase } from "../../../../service/middleware/calls/call-state.ts";
import type { CallStore, Retention } from "../../../../service/middleware/store/call-store.ts";
import { eventually } from "../support.ts";

const START = Date.now();
const DAY: Retention = { endedMs: 86_400_000, activeMs: 86_400_000, mostEnded: 1_000 };

export const record = (callId: string, callSid = `sid-of-${callId}`, at = START): CallRecord =>
  newRecord({
    callSid,
    at,
    context: { callId, flow: "callback", caller: "anonymous", called: "1", headers: {} },
  });

export const inPhase =
  (phase: Phase, phaseSince = Date.now()) =>
  (known: CallRecord) => ({ ...known, state: { ...known.state, phase, phaseSince } });
const withLeg = (legSid: string) => (known: CallRecord) => ({ ...known, state: { ...known.state, legSid } });
const putAgain = (known: CallRecord): CallRecord => ({
  ...inPhase("ended")(known),
  timeline: [...known.timeline, { event: "call.again", at: START }],
});
const idsOf = (records: readonly CallRecord[]) => records.map((known) => known.context.callId);

/** What every store promises. `open` gives a view of one and the same store, as another instance of the middleware has it. */
export function describeStore(
  name: string,
  open: (retention: Retention) => CallStore,
  reset: () => Promise<void>,
): void {
  describe(name, () => {
    let store: CallStore;
    let opened: CallStore[];
    const openOne = (retention: Retention) => {
      const view = open(retention);
      opened.push(view);
      return view;
    };
    beforeEach(async () => {
      await reset();
      opened = [];
      store = openOne(DAY);
    });
    afterEach(() => Promise.all(opened.map((view) => view.close())));

    const kept = async (...records: CallRecord[]) => {
      for (const one of records) await store.create(one);
    };

    test("keeps the first record of a call_sid", async () => {
      const first = record("a", "sid");
      expect(await store.create(first)).toEqual({ record: first, created: true, active: 1 });
      expect(await store.create(record("b", "sid"))).toEqual({ record: first, created: false, active: 1 });
      expect(await store.get("b")).toBeUndefined();
    });

    test("gives a caller's call_sid to the call that takes the place of one that lives", async () => {
      const lost = record("a", "sid");
      await kept(lost);
      const next = { ...record("b", "sid"), earlier: "a" };
      expect(await store.create(next)).toEqual({ record: next, created: true, active: 2 });
      await store.update("a", (known) => putAgain(known));
      expect((await store.findBySid("sid"))?.context.callId).toBe("b");
      expect((await store.get("a"))?.state.phase).toBe("ended");
      expect(await store.create({ ...record("c", "sid"), earlier: "a" })).toMatchObject({ created: false });
      expect((await store.findBySid("sid"))?.context.callId).toBe("b");
      await store.update("b", inPhase("ended"));
      expect((await store.get("b"))?.earlier).toBe("a");
    });

    test("gives it to none once the call has ended: the caller has left", async () => {
      await kept(record("a", "sid"));
      await store.update("a", inPhase("ended"));
      expect(await store.create({ ...record("b", "sid"), earlier: "a" })).toMatchObject({ created: false });
      expect((await store.findBySid("sid"))?.context.callId).toBe("a");
    });

    test("keeps one record when the same webhook comes ten times at once", async () => {
      const ids = Array.from({ length: 10 }, (_, index) => `call-${index}`);
      const results = await Promise.all(ids.map((id) => store.create(record(id, "sid"))));
      expect(results.filter((result) => result.created)).toHaveLength(1);
      expect(new Set(results.map((result) => result.record.context.callId)).size).toBe(1);
      expect(await store.active()).toHaveLength(1);
    });

    test("finds a call by the caller's leg and by the agent's", async () => {
      await kept(record("a", "caller"));
      const changed = await store.update("a", withLeg("leg"));
      expect(await store.findBySid("caller")).toEqual(changed);
      expect(await store.findBySid("leg")).toEqual(changed);
      expect(await store.findBySid("other")).toBeUndefined();
    });

    test("loses no change of two instances that write at the same time", async () => {
      await kept(record("a"));
      const other = openOne(DAY);
      const mark = (known: CallRecord) => ({
        ...known,
        timeline: [...known.timeline, { event: "agent.ready", at: 1 }] as const,
      });
      await Promise.all(Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? store : other).update("a", mark)));
      expect((await store.get("a"))?.timeline).toHaveLength(21);
    });

    test("builds on the record as it is, whatever its caller saw last", async () => {
      const mine = record("a");
      await kept(mine);
      await openOne(DAY).update("a", withLeg("leg"));
      expect(await store.update("a", (known) => known, mine)).toMatchObject({ state: { legSid: "leg" } });
      const changed = await store.update("a", inPhase("talking"), mine);
      expect(changed?.state).toMatchObject({ phase: "talking", legSid: "leg" });
      expect(await store.get("a")).toEqual(changed);
    });

    test("knows no call by a record that it has never kept", async () => {
      expect(await store.update("a", inPhase("talking"), record("a"))).toBeUndefined();
      expect(await store.get("a")).toBeUndefined();
    });

    test("changes nothing for an unknown call, and writes nothing when nothing was changed", async () => {
      const change = jest.fn();
      expect(await store.update("unknown", change)).toBeUndefined();
      expect(change).not.toHaveBeenCalled();
      await kept(record("a"));
      const before = await store.revision();
      expect(await store.update("a", (known) => known)).toEqual(record("a"));
      expect(await store.revision()).toBe(before);
    });

    test("lists calls that have not ended, oldest first, and tells a new one how many there are with it", async () => {
      await kept(record("a", "1", START + 2), record("b", "2", START + 1), record("c", "3", START + 3));
      await store.update("c", inPhase("ended"));
      expect(idsOf(await store.active())).toEqual(["b", "a"]);
      expect((await store.create(record("d"))).active).toBe(3);
    });

    test("pages through a list, newest first, without loss or repetition, even among equal times", async () => {
      await kept(...["a", "b", "c", "d", "e"].map((id, index) => record(id, id, START + Math.floor(index / 3))));
      const pages: string[][] = [];
      for (let after: Awaited<ReturnType<CallStore["list"]>>["next"]; ; ) {
        const page = await store.list({ states: PHASES, limit: 2, ...(after && { after }) });
        pages.push(idsOf(page.records));
        if (page.next === undefined) break;
        after = page.next;
      }
      expect(pages).toEqual([["e", "d"], ["c", "b"], ["a"]]);
    });

    test("filters a list by state", async () => {
      await kept(record("a", "1", START + 1), record("b", "2", START + 2), record("c", "3", START + 3));
      await store.update("b", inPhase("ended"));
      await store.update("c", inPhase("talking"));
      const list = async (...states: Phase[]) => idsOf((await store.list({ states, limit: 10 })).records);
      expect(await list("ended")).toEqual(["b"]);
      expect(await list("preparing", "talking")).toEqual(["c", "a"]);
      expect(await list("dialling")).toEqual([]);
    });

    test("filters a list by when calls began: from a time on, before another one, also page by page", async () => {
      await kept(...["a", "b", "c", "d"].map((id, index) => record(id, id, START + index)));
      for (const id of ["a", "c", "d"]) await store.update(id, inPhase("ended"));
      const list = async (times: { from?: number; to?: number }, limit = 10) =>
        idsOf((await store.list({ states: PHASES, limit, ...times })).records);
      expect(await list({ from: START + 1 })).toEqual(["d", "c", "b"]);
      expect(await list({ to: START + 3 })).toEqual(["c", "b", "a"]);
      expect(await list({ from: START + 1, to: START + 3 })).toEqual(["c", "b"]);
      expect(await list({ from: START + 9 })).toEqual([]);
      const first = await store.list({ states: ["ended"], limit: 1, from: START, to: START + 3 });
      expect(idsOf(first.records)).toEqual(["c"]);
      const after = first.next && { after: first.next };
      const second = await store.list({ states: ["ended"], limit: 1, from: START, to: START + 3, ...after });
      expect([idsOf(second.records), second.next]).toEqual([["a"], undefined]);
    });

    test("fills a page although most calls are of another state", async () => {
      for (let index = 0; index < 120; index++) await store.create(record(`n${index}`, `s${index}`, START + index));
      await store.update("n0", inPhase("ended"));
      await store.update("n1", inPhase("ended"));
      expect(idsOf((await store.list({ states: ["ended"], limit: 1 })).records)).toEqual(["n1"]);
    });

    test("tells what has changed since a revision, each call once, as it is now", async () => {
      await kept(record("a"), record("b"));
      const seen = await store.revision();
      await store.update("b", inPhase("waiting"));
      await store.update("a", inPhase("waiting"));
      await store.update("b", inPhase("talking"));
      const changes = await store.changedSince(seen);
      expect(idsOf(changes?.records ?? [])).toEqual(["a", "b"]);
      expect(changes?.records[1]?.state.phase).toBe("talking");
      expect(await store.changedSince(changes?.revision ?? -1)).toEqual({ records: [], revision: changes?.revision });
    });

    test("does not pretend to know what changed since a revision of another store", async () => {
      expect(await store.changedSince((await store.revision()) + 1)).toBeUndefined();
    });

    test("tells of changes by any instance until told to stop", async () => {
      const other = openOne(DAY);
      const heard = jest.fn();
      const stop = store.onChange(heard);
      await pause(100); // a subscription takes its time
      await other.create(record("a"));
      await eventually(() => heard.mock.calls.length > 0);
      stop();
      await pause(50);
      const before = heard.mock.calls.length;
      await other.update("a", inPhase("ended"));
      await pause(100);
      expect(heard.mock.calls.length).toBe(before);
    });

    test("forgets ended calls after a while, and their ids; a call that goes on stays", async () => {
      const brief = openOne({ endedMs: 150, activeMs: 60_000, mostEnded: 1_000 });
      await brief.create(record("done", "1"));
      await brief.create(record("live", "2"));
      await brief.update("done", withLeg("leg"));
      await brief.update("done", inPhase("ended"));
      expect(await brief.get("done")).toBeDefined();
      await pause(250);
      expect(await brief.get("done")).toBeUndefined();
      expect(await brief.findBySid("leg")).toBeUndefined();
      expect(idsOf((await brief.list({ states: PHASES, limit: 10 })).records)).toEqual(["live"]);
      expect((await brief.create(record("again", "1"))).created).toBe(true);
    });

    test("keeps so many ended calls, the latest ends, whenever they began; a live call is not among them", async () => {
      const few = openOne({ ...DAY, mostEnded: 2 });
      for (const [index, id] of ["a", "b", "c", "live"].entries()) await few.create(record(id, id, START + index));
      for (const id of ["c", "a", "b"]) await few.update(id, inPhase("ended"));
      expect(idsOf((await few.list({ states: PHASES, limit: 10 })).records)).toEqual(["live", "b", "a"]);
      expect(await few.get("c")).toBeUndefined();
      expect(idsOf(await few.active())).toEqual(["live"]);
    });

    test("leaves an ended call as it is", async () => {
      await kept(record("a"));
      await store.update("a", inPhase("ended"));
      const before = await store.get("a");
      const change = jest.fn((known: CallRecord) => inPhase("talking")(known));
      expect(await store.update("a", change)).toEqual(before);
      expect(change).not.toHaveBeenCalled();
      expect((await store.create(record("b", "sid-of-a"))).record).toEqual(before);
    });

    test("forgets what is too old when it is told to", async () => {
      await kept(record("old"), record("new"));
      await store.update("old", inPhase("ended", START - 86_400_001));
      await store.update("new", inPhase("ended"));
      await store.prune();
      expect(idsOf((await store.list({ states: PHASES, limit: 10 })).records)).toEqual(["new"]);
    });

    test("knows which instances live: those that have said so a moment ago, and have not resigned", async () => {
      const other = openOne(DAY);
      expect(await store.holders("one", 60_000)).toEqual(["one"]);
      expect((await other.holders("other", 60_000)).sort()).toEqual(["one", "other"]);
      await other.resign("one");
      expect(await other.holders("other", 60_000)).toEqual(["other"]);
      await pause(30);
      expect(await store.holders("one", 20)).toEqual(["one"]);
    });

    test("knows what each worker of the agent has said last, and how long ago", async () => {
      const other = openOne(DAY);
      await store.notePulse({ worker: "w1", free: 3, calls: ["a"] });
      await store.notePulse({ worker: "w1", free: 2, calls: ["a", "b"] });
      await other.notePulse({ worker: "w2", free: 0, calls: [] });
      await pause(30);
      const seen = (await store.pulses()).sort((one, two) => one.worker.localeCompare(two.worker));
      expect(seen).toMatchObject([
        { worker: "w1", free: 2, calls: ["a", "b"] },
        { worker: "w2", free: 0, calls: [] },
      ]);
      for (const { ageMs } of seen) expect(ageMs).toBeGreaterThanOrEqual(29);
      for (const { ageMs } of seen) expect(ageMs).toBeLessThan(5_000);
    });

    test("says that it can be used", async () => {
      await expect(store.check()).resolves.toBeUndefined();
    });
  });
}
