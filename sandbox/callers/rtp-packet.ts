/** What this project needs of an RTP packet (RFC 3550). */
export interface RtpPacket {
  payloadType: number;
  marker: boolean;
  sequence: number;
  timestamp: number;
  ssrc: number;
  payload: Uint8Array;
}

const HEADER_BYTES = 12;

export function writePacket(packet: RtpPacket): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header[0] = 0x80;
  header[1] = (packet.marker ? 0x80 : 0) | packet.payloadType;
  header.writeUInt16BE(packet.sequence & 0xffff, 2);
  header.writeUInt32BE(packet.timestamp >>> 0, 4);
  header.writeUInt32BE(packet.ssrc >>> 0, 8);
  return Buffer.concat([header, packet.payload]);
}

/** Undefined for what is no RTP; padding and header extensions are read over. */
export function readPacket(data: Buffer): RtpPacket | undefined {
  if (data.length < HEADER_BYTES || data.readUInt8(0) >> 6 !== 2) return undefined;
  const first = data.readUInt8(0);
  const second = data.readUInt8(1);
  const csrcEnd = HEADER_BYTES + 4 * (first & 15);
  const extended = (first & 0x10) !== 0 && data.length >= csrcEnd + 4;
  const start = extended ? csrcEnd + 4 + 4 * data.readUInt16BE(csrcEnd + 2) : csrcEnd;
  const end = first & 0x20 ? data.length - data.readUInt8(data.length - 1) : data.length;
  if (start > end) return undefined;
  return {
    payloadType: second & 0x7f,
    marker: (second & 0x80) !== 0,
    sequence: data.readUInt16BE(2),
    timestamp: data.readUInt32BE(4),
    ssrc: data.readUInt32BE(8),
    payload: data.subarray(start, end),
  };
}
