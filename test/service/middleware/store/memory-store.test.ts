import { MemoryStore } from "../../../../service/middleware/store/memory-store.ts";
import { DEFAULT_RETENTION } from "../../../../service/middleware/store/retention.ts";
import { describeStore, inPhase, record } from "./store-contract.ts";

// Two instances share no memory: every view of the contract is the same store. Its retention is the briefest that was asked for.
let shared: MemoryStore;
describeStore(
  "MemoryStore",
  (retention) => {
    if (retention.endedMs < 1_000 || retention.mostEnded < 10) shared = new MemoryStore(retention);
    return shared;
  },
  async () => {
    shared = new MemoryStore();
  },
);

test("a store in memory gives back what it holds after a day", async () => {
  let now = 1_780_000_000_000;
  const store = new MemoryStore(DEFAULT_RETENTION, () => now);
  await store.create(record("old", "1", now));
  await store.update("old", inPhase("ended", now));
  now += 86_400_000 + 1;
  await store.create(record("new", "2", now));
  expect(await store.get("old")).toBeUndefined();
  expect(await store.findBySid("1")).toBeUndefined();
  expect(await store.get("new")).toBeDefined();
});
