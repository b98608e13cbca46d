import fc from "fast-check";
import { readPacket, writePacket } from "../../../sandbox/callers/rtp-packet.ts";

const packet = fc.record({
  payloadType: fc.nat(127),
  marker: fc.boolean(),
  sequence: fc.nat(0xffff),
  timestamp: fc.nat(0xffffffff),
  ssrc: fc.nat(0xffffffff),
  payload: fc.uint8Array({ maxLength: 200 }),
});

describe("an RTP packet", () => {
  it("is read as it was written", () => {
    fc.assert(
      fc.property(packet, (sent) => {
        const read = readPacket(writePacket(sent));
        expect({ ...read, payload: Uint8Array.from(read?.payload ?? []) }).toEqual(sent);
      }),
    );
  });

  it("loses its padding and header extension", () => {
    const extended = Buffer.from("b008000100000002000000030001000100000000aabb0002", "hex");
    expect(readPacket(extended)).toMatchObject({ payloadType: 8, sequence: 1, timestamp: 2, ssrc: 3 });
    expect([...(readPacket(extended)?.payload ?? [])]).toEqual([0xaa, 0xbb]);
  });

  it("is nothing else: any bytes are read or left alone, never thrown at", () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => void readPacket(Buffer.from(bytes))));
    expect(readPacket(Buffer.from("INVITE sip:a SIP/2.0"))).toBeUndefined();
  });
});
