import { MediaWatch, packetsFrom } from "../../../service/agent/media-watch.ts";

/** What is told when the caller's packets are counted every 2 s. */
function told(counts: number[]) {
  const watch = new MediaWatch(0);
  return counts.map((packets, index) =>
    watch.look(BigInt(packets), (index + 1) * 2_000) ? (watch.gap ?? "back") : "",
  );
}

test("a gap is told once it is longer than jitter, with the time of the last packet, and so is its end", () => {
  expect(told([100, 200, 200, 200, 200, 200, 200, 300, 400])).toEqual([
    ...["", "", "", "", ""],
    { since: 4_000, isFromStart: false },
    ...["", "back", ""],
  ]);
});

test("a caller from whom nothing has come is told as such", () => {
  expect(told([0, 0, 0, 0, 0, 0])).toEqual(["", "", "", { since: 0, isFromStart: true }, "", ""]);
});

test("while packets come there is nothing to tell, nor of a short gap", () => {
  expect(told([100, 200, 200, 200, 300, 300, 400]).join("")).toBe("");
});

test("a room in which no stream is shown is one from which no packet has come", async () => {
  const audio = (packetsReceived: bigint) => ({
    stats: { case: "inboundRtp" as const, value: { stream: { kind: "audio" }, received: { packetsReceived } } },
  });
  const room = (...streams: object[]) =>
    ({ getRtcStats: async () => ({ publisherStats: streams, subscriberStats: [] }) }) as never;
  expect(await packetsFrom(room())).toBe(0n);
  expect(await packetsFrom(room(audio(3n), { stats: { case: "candidatePair", value: {} } }, audio(4n)))).toBe(7n);
});
