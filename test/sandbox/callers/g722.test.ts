import fc from "fast-check";
import { G722Decoder, G722Encoder } from "../../../sandbox/callers/g722.ts";
import { generateTone, heardTones } from "../../../sandbox/callers/tone.ts";

function throughTheCodec(samples: Int16Array): Int16Array {
  return new G722Decoder().decode(new G722Encoder().encode(samples));
}

describe("G.722, the lower sub-band", () => {
  it("carries a telephone's tones at their level, one byte a sample", () => {
    const [frequency, level] = [fc.integer({ min: 250, max: 3_300 }), fc.integer({ min: -35, max: 0 })];
    fc.assert(
      fc.property(frequency, level, (hz, dbm0) => {
        const heard = heardTones(throughTheCodec(generateTone(hz, 4_000, 0, dbm0)));
        expect(heard).toHaveLength(1);
        expect(Math.abs((heard[0]?.hz ?? 0) - hz)).toBeLessThanOrEqual(3);
        expect(Math.abs((heard[0]?.level ?? 0) - dbm0)).toBeLessThanOrEqual(1);
      }),
      { numRuns: 20 },
    );
  });

  it("stays within 16 bits whatever it is given, and finds back to silence", () => {
    const noise = fc.int16Array({ minLength: 160, maxLength: 480 });
    fc.assert(
      fc.property(noise, (samples) => {
        const [encoder, decoder] = [new G722Encoder(), new G722Decoder()];
        decoder.decode(encoder.encode(samples));
        const silence = decoder.decode(encoder.encode(new Int16Array(2_000))).subarray(1_840);
        expect(Math.max(...silence.map(Math.abs))).toBeLessThan(100);
      }),
      { numRuns: 20 },
    );
  });

  it("goes on from packet to packet", () => {
    const tone = generateTone(1_000, 1_600);
    const encoder = new G722Encoder();
    const packets = Array.from({ length: 10 }, (_, i) => [...encoder.encode(tone.subarray(160 * i, 160 * (i + 1)))]);
    expect(packets.flat()).toEqual([...new G722Encoder().encode(tone)]);
  });
});
