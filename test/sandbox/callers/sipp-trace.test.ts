import { readTrace } from "../../../sandbox/callers/sipp-trace.ts";

const SDP = "v=0\r\nc=IN IP4 127.0.0.1\r\nm=audio 30002 RTP/AVP 0 101\r\n";
const OK = `SIP/2.0 200 OK\r\nCall-ID: 4711@127.0.0.1\r\nCSeq: 1 INVITE\r\nContent-Length: ${SDP.length}\r\n\r\n${SDP}`;
const BYE = "BYE sip:edge@127.0.0.1 SIP/2.0\r\nCall-ID: 4711@127.0.0.1\r\nCSeq: 2 BYE\r\n\r\n";

/** As SIPp 3.6 writes them: the size is in other brackets for what it received. */
const TRACE = Buffer.from(
  `----------------------------------------------- 2026-11-22 13:08:35.443107\nUDP message received [${OK.length}] bytes :\n\n${OK}\n` +
    `----------------------------------------------- 2026-11-22 13:08:36.500000\nUDP message sent (${BYE.length} bytes):\n\n${BYE}\n`,
);

describe("SIPp's message trace", () => {
  it("tells each message with its time and direction", () => {
    const { messages, next } = readTrace(TRACE, 0);
    const at = new Date(2026, 10, 22, 13, 8, 35, 443).getTime();
    expect(messages).toEqual([
      expect.objectContaining({ direction: "received", status: 200, reason: "OK", cseqMethod: "INVITE", body: SDP }),
      expect.objectContaining({ direction: "sent", method: "BYE", callId: "4711@127.0.0.1" }),
    ]);
    expect(messages[0]?.at).toBeCloseTo(at + 0.107, 2);
    expect(readTrace(TRACE, next).messages).toEqual([]);
  });

  it("is read while it is being written, wherever the writer has got to", () => {
    const [seen, offsets] = [[] as string[], [0]];
    for (let length = 0; length <= TRACE.length; length += 7) {
      const { messages, next } = readTrace(TRACE.subarray(0, length), offsets.at(-1) ?? 0);
      offsets.push(next);
      seen.push(...messages.map(({ cseqMethod }) => cseqMethod));
    }
    seen.push(...readTrace(TRACE, offsets.at(-1) ?? 0).messages.map(({ cseqMethod }) => cseqMethod));
    expect(seen).toEqual(["INVITE", "BYE"]);
  });
});
