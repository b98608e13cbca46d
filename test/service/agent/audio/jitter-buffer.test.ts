import { JitterBuffer } from "../../../../service/agent/audio/jitter-buffer.ts";

/** A room whose statistics tell these totals one after the other: seconds of delay, samples. */
function room(...totals: [delay: number, samples: number][]) {
  const next = () => {
    const [jitterBufferDelay, samples] = totals.shift() ?? [0, 0];
    const inbound = { jitterBufferDelay, jitterBufferEmittedCount: BigInt(samples) };
    const value = { stream: { kind: "audio" }, inbound };
    return { publisherStats: [], subscriberStats: [{ stats: { case: "inboundRtp", value } }] };
  };
  return { getRtcStats: async () => next() } as unknown as ConstructorParameters<typeof JitterBuffer>[0];
}

test("tells how long what was heard since the last look has been buffered", async () => {
  // Seen: 0.03 s at first, 0.5 s once the legs of a call were joined.
  const buffer = new JitterBuffer(room([489.6, 15_360], [57_024, 194_880], [229_593.6, 531_840]));
  expect(await buffer.look()).toBeCloseTo(31.9, 1);
  expect(await buffer.look()).toBeCloseTo(314.9, 1);
  expect(await buffer.look()).toBeCloseTo(512.1, 1);
});

test("is 0 while nothing is heard, and where statistics cannot be had", async () => {
  const buffer = new JitterBuffer(room([96, 960], [96, 960]));
  await buffer.look();
  expect(await buffer.look()).toBe(0);
  const gone = { getRtcStats: () => Promise.reject(new Error("closed")) };
  expect(await new JitterBuffer(gone).look()).toBe(0);
});
