import { KeyListener, keyFrames } from "../../../sandbox/callers/telephone-event.ts";

test.each([..."0123456789*#"].map((key, code) => [key, code] as const))("the key %s is event %i", (key, code) => {
  expect(keyFrames(key)[0]?.payloads[0]?.[0]).toBe(code);
});

test("a key is held for 100 ms, its duration grows, and its end is sent three times", () => {
  const frames = keyFrames("5");
  const durations = frames.map(({ payloads }) => payloads[0]).map((sent) => (sent?.[2] ?? 0) * 256 + (sent?.[3] ?? 0));
  expect(durations).toEqual([160, 320, 480, 640, 800]);
  expect(frames.map(({ payloads }) => payloads.length)).toEqual([1, 1, 1, 1, 3]);
  const ends = frames.map(({ payloads }) => ((payloads[0]?.[1] ?? 0) & 0x80) !== 0);
  expect(ends).toEqual([false, false, false, false, true]);
});

test.each(["", "A", "12", "+"])("%j is no key", (text) => {
  expect(() => keyFrames(text)).toThrow(RangeError);
});

test("a listener hears each key once, the same key again too", () => {
  const listener = new KeyListener();
  const packetsOf = (key: string, timestamp: number) =>
    keyFrames(key).flatMap(({ payloads }) => payloads.map((payload) => ({ payload, timestamp })));
  const packets = [...packetsOf("1", 0), ...packetsOf("1", 1_440), ...packetsOf("#", 2_880)];
  expect(packets.map(({ payload, timestamp }) => listener.hear(payload, timestamp) ?? "").join("")).toBe("11#");
});

test("an event that is no key is not heard", () => {
  expect(new KeyListener().hear(Uint8Array.of(16, 10, 0, 160), 0)).toBeUndefined();
});
