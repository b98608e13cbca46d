import { MemoryStore } from "../../../../service/middleware/store/memory-store.ts";
import { DEFAULT_RETENTION } from "../../../../service/middleware/store/retention.ts";
import { Holders } from "../../../../service/middleware/watch/holders.ts";
import { WatchKeeper } from "../../../../service/middleware/watch/watch-keeper.ts";
import { TIMERS } from "../../../../service/shared/index.ts";
import { inPhase, record } from "../store/store-contract.ts";
import { collecting, eventually } from "../support.ts";

let now: number;
let store: MemoryStore;
beforeEach(async () => {
  now = Date.now();
  store = new MemoryStore(DEFAULT_RETENTION, () => now);
  for (const phase of ["talking", "waiting", "ended", "fallback"] as const) {
    await store.create(record(phase));
    await store.update(phase, inPhase(phase));
  }
});

/** An instance of the middleware, as far as its watches go. */
function instance() {
  const watched = new Set<string>();
  const logged: Record<string, unknown>[] = [];
  const holders = new Holders(store);
  const watch = ({ context }: { context: { callId: string } }) => void watched.add(context.callId);
  const keeper = new WatchKeeper({ store, holders, watch, log: collecting(logged) });
  return { keeper, holders, watched, logged };
}

describe("WatchKeeper", () => {
  test("watches the calls that need it and have no watcher, and no other; the record says so", async () => {
    const { keeper, holders, watched } = instance();
    await holders.beat();
    await keeper.takeFree();
    expect([...watched].sort()).toEqual(["talking", "waiting"]);
    expect((await store.get("talking"))?.watcher).toBe(holders.own);
    expect((await store.get("fallback"))?.watcher).toBeUndefined();
  });

  test("leaves the calls to the instance that has them, also at its start, and takes them over when that one is gone", async () => {
    const [one, other] = [instance(), instance()];
    await one.holders.beat();
    await one.keeper.takeFree();
    for (let rounds = 0; rounds < 5; rounds++) {
      await one.holders.beat();
      expect(await other.holders.beat()).toBe(false);
      await other.keeper.takeFree();
      now += TIMERS.holderMs / 2;
    }
    expect([one.watched.size, other.watched.size]).toEqual([2, 0]);
    now += TIMERS.holderMs;
    expect(await other.holders.beat()).toBe(true);
    await other.keeper.takeFree();
    expect([...other.watched].sort()).toEqual(["talking", "waiting"]);
    expect(one.holders.isOwn((await store.get("talking")) ?? record("x"))).toBe(false);
  });

  test("of two that find the same call free, one gets it", async () => {
    const both = [instance(), instance()] as const;
    for (const { holders } of [...both, ...both]) await holders.beat();
    await Promise.all(both.map(({ keeper }) => keeper.takeFree()));
    expect(both[0].watched.size + both[1].watched.size).toBe(2);
  });

  test("leaves its calls to the others at once when it stops", async () => {
    const [one, other] = [instance(), instance()];
    for (const { holders } of [one, other]) await holders.beat();
    await one.keeper.takeFree();
    await other.holders.beat();
    await one.keeper.close();
    expect(await other.holders.beat()).toBe(true);
    await other.keeper.takeFree();
    expect(other.watched.size).toBe(2);
  });

  test("takes the free calls at its start, also when the store is away then", async () => {
    const { keeper, watched, logged } = instance();
    const active = jest.spyOn(store, "active").mockRejectedValueOnce(new Error("away"));
    keeper.start();
    await eventually(() => watched.size === 2);
    await keeper.close();
    expect(logged).toMatchObject([{ reason: "away", msg: "Calls under way were not taken over" }]);
    active.mockRestore();
  });
});
