import { setTimeout as pause } from "node:timers/promises";
import { watchLeg } from "../../../service/agent/leg-pulse.ts";

/** A caller's leg whose packets come, or not, and which answers, or not. */
function leg(changes: { flows?: boolean; answer?: () => Promise<unknown>; isConnected?: boolean } = {}) {
  const closing = new AbortController();
  const is = {
    flows: true,
    answer: () => Promise.reject(new Error("UNSUPPORTED_METHOD")),
    isConnected: true,
    ...changes,
  };
  let count = 0n;
  let asked = 0;
  let lostAt: number | undefined;
  const startedAt = performance.now();
  const watching = watchLeg({
    packets: async () => (is.flows ? ++count : count),
    ask: () => {
      asked++;
      return is.answer();
    },
    isConnected: () => is.isConnected,
    signal: closing.signal,
    onLost: () => {
      lostAt = performance.now() - startedAt;
    },
  });
  const end = () => {
    closing.abort();
    return watching;
  };
  return { is, end, asked: () => asked, lostAt: () => lostAt };
}
const never = () => new Promise(() => undefined);

test("a leg that sends is not asked", async () => {
  const { end, asked } = leg();
  await pause(1_500);
  await end();
  expect(asked()).toBe(0);
});

test("a caller on hold is answered for, however long, and asked about once in 2 s", async () => {
  const { end, asked, lostAt } = leg({ flows: false });
  await pause(4_000);
  await end();
  expect(lostAt()).toBeUndefined();
  expect(asked()).toBeLessThanOrEqual(3);
});

test("a leg that neither sends nor answers is lost within 2.3 s", async () => {
  const { end, lostAt } = leg({ flows: false, answer: never });
  await pause(2_500);
  await end();
  expect(lostAt()).toBeLessThan(2_300);
});

test("a leg whose packets are back by then is not lost", async () => {
  const { is, end, lostAt } = leg({ flows: false, answer: never });
  await pause(1_100);
  is.flows = true;
  await pause(1_400);
  await end();
  expect(lostAt()).toBeUndefined();
});

test.each([
  ["for 1.5 s is not lost", 1_500, false],
  ["for 2 s is lost: its caller is in silence", 2_500, true],
])("a leg of an agent that has lost LiveKit itself %s", async (_how, ms, isLost) => {
  const { is, end, lostAt } = leg({ flows: false, isConnected: false });
  await pause(ms);
  is.flows = true;
  is.isConnected = true;
  await pause(700);
  await end();
  expect(lostAt() !== undefined).toBe(isLost);
});
