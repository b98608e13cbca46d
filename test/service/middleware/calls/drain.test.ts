import { Drain } from "../../../../service/middleware/calls/drain.ts";

const NOW = 1_780_000_000_000;

describe("Drain", () => {
  test("waits for a caller until the next hook is overdue", () => {
    const drain = new Drain();
    drain.expect("caller", 4_500, NOW);
    expect(drain.waiting(NOW + 4_499)).toBe(1);
    expect(drain.waiting(NOW + 4_500)).toBe(0);
  });

  test("waits on with every hook of the caller, and no longer for one who has gone", () => {
    const drain = new Drain();
    drain.expect("stays", 4_500, NOW);
    drain.expect("goes", 4_500, NOW);
    drain.expect("stays", 4_500, NOW + 3_500);
    expect(drain.waiting(NOW + 3_600)).toBe(2);
    drain.release("goes");
    expect(drain.waiting(NOW + 7_000)).toBe(1);
  });

  test("is over at once where nobody waits, and on from then on", async () => {
    const drain = new Drain();
    expect(drain.isOn).toBe(false);
    await drain.finish(10_000);
    expect(drain.isOn).toBe(true);
  });

  test("is over when the last caller has been answered", async () => {
    const drain = new Drain();
    drain.expect("one", 60_000);
    drain.expect("other", 60_000);
    const finished = drain.finish(60_000);
    drain.release("one");
    drain.release("other");
    await finished;
  });

  test("does not wait longer than it may", async () => {
    const drain = new Drain();
    drain.expect("caller", 600_000);
    await drain.finish(50);
    expect(drain.waiting()).toBe(1);
  });
});
