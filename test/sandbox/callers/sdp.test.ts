import fc from "fast-check";
import { type AudioOffer, audioOf, type OfferedCodec, offerLines } from "../../../sandbox/callers/sdp.ts";

const CODECS: OfferedCodec[] = ["PCMA", "PCMU", "G722", "G729", "AMR-WB"];
const ANSWER = "v=0\r\nc=IN IP4 127.0.0.1\r\nm=audio 30002 RTP/AVP 0 101\r\na=rtpmap:101 telephone-event/8000\r\n";

const offers: fc.Arbitrary<AudioOffer> = fc.record({
  codecs: fc.shuffledSubarray(CODECS, { minLength: 1 }),
  keys: fc.boolean(),
  packetMs: fc.constantFrom(20, 30, 40, 60),
  encrypted: fc.boolean(),
});

describe("an offer", () => {
  it("says what was asked for, and is read as that", () => {
    fc.assert(
      fc.property(offers, fc.integer({ min: 1_024, max: 65_534 }), (offer, port) => {
        const { codecs, keys, encrypted, packetMs } = offer;
        const sdp = offerLines(port, offer).join("\r\n");
        expect(audioOf(sdp)).toEqual({
          ...{ host: "127.0.0.1", port, codec: codecs[0], codecs, isEncrypted: encrypted },
          payloadType: expect.any(Number),
          profile: encrypted ? "RTP/SAVP" : "RTP/AVP",
          ...(keys && { keyType: 101 }),
        });
        expect(sdp).toContain(`a=ptime:${packetMs}`);
      }),
    );
  });

  it("has telephone-event, 20 ms and no encryption unless something else is said", () => {
    const lines = offerLines(40_000, { codecs: ["PCMA"] });
    expect(lines).toContain("m=audio 40000 RTP/AVP 8 101");
    expect(lines).toContain("a=ptime:20");
  });
});

describe("an answer's audio", () => {
  it("is where it is wanted, in which codec, and with which type for keys", () => {
    const common = { host: "127.0.0.1", port: 30_002, payloadType: 0, codec: "PCMU", codecs: ["PCMU"] };
    expect(audioOf(ANSWER)).toEqual({ ...common, keyType: 101, profile: "RTP/AVP", isEncrypted: false });
  });

  it("takes keys for agreed only where they are named with their rate: LiveKit looks for exactly that", () => {
    expect(audioOf(ANSWER.replace("event/8000", "event/16000"))).not.toHaveProperty("keyType");
  });

  it("is missing when there is none, or it is off", () => {
    expect(audioOf("")).toBeUndefined();
    expect(audioOf(ANSWER.replace("30002", "0"))).toBeUndefined();
  });
});
