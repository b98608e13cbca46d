import { WatchKeeper } from "../../../../service/middleware/calls/watch-keeper.ts";
import { MemoryStore } from "../../../../service/middleware/store/memory-store.ts";
import { DEFAULT_RETENTION } from "../../../../service/middleware/store/retention.ts";
import { inPhase, record } from "../store/store-contract.ts";
import { collecting, eventually } from "../support.ts";

const CLAIM_MS = 10_000;

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
  const keeper = new WatchKeeper({ store, watch: (callId) => void watched.add(callId), log: collecting(logged) });
  return { keeper, watched, logged };
}

describe("WatchKeeper", () => {
  test("watches the calls that need it, and no other", async () => {
    const { keeper, watched } = instance();
    await keeper.takeUnclaimed();
    expect([...watched].sort()).toEqual(["talking", "waiting"]);
  });

  test("leaves the calls to the instance that has them, and takes them over when it is gone", async () => {
    const [one, other] = [instance(), instance()];
    for (let rounds = 0; rounds < 5; rounds++) {
      await one.keeper.takeUnclaimed();
      await other.keeper.takeUnclaimed();
      now += CLAIM_MS / 2;
    }
    expect(one.watched.size).toBe(2);
    expect(other.watched.size).toBe(0);
    now += CLAIM_MS;
    await other.keeper.takeUnclaimed();
    expect([...other.watched].sort()).toEqual(["talking", "waiting"]);
  });

  test("takes all at its start, also when the store is away then", async () => {
    const before = instance();
    await before.keeper.takeUnclaimed();
    const { keeper, watched, logged } = instance();
    const active = jest.spyOn(store, "active").mockRejectedValueOnce(new Error("away"));
    keeper.start();
    await eventually(() => watched.size === 2);
    keeper.close();
    expect(logged).toMatchObject([{ reason: "away", msg: "Calls under way were not taken over" }]);
    active.mockRestore();
  });
});
