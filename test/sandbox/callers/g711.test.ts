import fc from "fast-check";
import { decode, encode } from "../../../sandbox/callers/g711.ts";

const codecs = ["PCMA", "PCMU"] as const;

describe("G.711", () => {
  it.each(codecs)("%s: every code decodes to a sample that is encoded to the same value", (codec) => {
    const codes = Uint8Array.from({ length: 256 }, (_, code) => code);
    const samples = decode(codec, codes);
    expect(decode(codec, encode(codec, samples))).toEqual(samples);
  });

  it.each(codecs)("%s: a sample comes back within its segment's step", (codec) => {
    fc.assert(
      fc.property(fc.integer({ min: -32_000, max: 32_000 }), (sample) => {
        const [back = 0] = decode(codec, encode(codec, Int16Array.of(sample)));
        expect(Math.abs(back - sample)).toBeLessThanOrEqual(Math.max(16, Math.abs(sample) / 16));
      }),
    );
  });

  it("knows the codes of the recommendation: silence and full scale", () => {
    expect(encode("PCMA", Int16Array.of(0, 32_767, -32_768))).toEqual(Uint8Array.of(0xd5, 0xaa, 0x2a));
    expect(encode("PCMU", Int16Array.of(0, 32_767, -32_768))).toEqual(Uint8Array.of(0xff, 0x80, 0x00));
  });
});
