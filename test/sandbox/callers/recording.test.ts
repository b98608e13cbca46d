import { Recording } from "../../../sandbox/callers/recording.ts";

const frame = (value: number) => new Int16Array(160).fill(value);

describe("a recording", () => {
  it("begins with the silence before the first packet", () => {
    const recording = new Recording(1_000);
    recording.add(frame(7), 5_000, 1_100);
    const samples = recording.since(1_000);
    expect(samples.length).toBe(800 + 160);
    expect([samples[799], samples[800]]).toEqual([0, 7]);
  });

  it("places packets by their time stamps, whatever the network's jitter", () => {
    const recording = new Recording(0);
    recording.add(frame(1), 0xffffff60, 0);
    recording.add(frame(2), 0, 33);
    recording.add(frame(3), 160, 35);
    expect(recording.since(0)).toEqual(Int16Array.of(...frame(1), ...frame(2), ...frame(3)));
  });

  it("goes by arrival again when the sender starts anew with other time stamps", () => {
    const recording = new Recording(0);
    recording.add(frame(1), 0, 0);
    recording.add(frame(2), 1_000_000, 1_000);
    const samples = recording.since(0);
    expect(samples.length).toBe(8_000 + 160);
    expect(samples[8_000]).toBe(2);
  });

  it("is padded or cut to the moment that is asked for", () => {
    const recording = new Recording(1_000);
    recording.add(frame(7), 0, 1_000);
    expect(recording.since(990).slice(79, 81)).toEqual(Int16Array.of(0, 7));
    expect(recording.since(1_010).length).toBe(80);
    expect(recording.since(9_000).length).toBe(0);
  });
});
