/** G.711 (ITU-T G.711): 8-bit codes of 16-bit linear samples at 8 kHz. */
export type G711Codec = "PCMA" | "PCMU";

/** RTP payload types (RFC 3551). */
export const PAYLOAD_TYPE: Record<G711Codec, number> = { PCMA: 8, PCMU: 0 };

export const SAMPLE_RATE = 8_000;

export function encode(codec: G711Codec, samples: Int16Array): Uint8Array {
  const compress = codec === "PCMA" ? compressAlaw : compressUlaw;
  return Uint8Array.from(samples, compress);
}

/** By table: a load test decodes thousands of packets a second. */
export function decode(codec: G711Codec, payload: Uint8Array): Int16Array {
  const table = codec === "PCMA" ? ALAW : ULAW;
  const samples = new Int16Array(payload.length);
  for (let i = 0; i < payload.length; i++) samples[i] = table[payload[i] as number] as number;
  return samples;
}

function expandAlaw(inverted: number): number {
  const code = inverted ^ 0x55;
  const exponent = (code >> 4) & 7;
  const mantissa = ((code & 15) << 4) + 8;
  const value = exponent === 0 ? mantissa : (mantissa + 0x100) << (exponent - 1);
  return code & 0x80 ? value : -value;
}

function expandUlaw(inverted: number): number {
  const code = ~inverted & 0xff;
  const value = ((((code & 15) << 3) + 0x84) << ((code >> 4) & 7)) - 0x84;
  return code & 0x80 ? -value : value;
}

/** The segment (0–7) of a magnitude: each is twice as wide as the one before, the first ends below 0x100. */
function segment(magnitude: number): number {
  return Math.max(0, Math.min(7, 24 - Math.clz32(magnitude)));
}

function compressAlaw(sample: number): number {
  const magnitude = sample < 0 ? -sample - 1 : sample;
  const exponent = segment(magnitude);
  const mantissa = (magnitude >> (Math.max(exponent - 1, 0) + 4)) & 15;
  return ((sample < 0 ? 0 : 0x80) | (exponent << 4) | mantissa) ^ 0x55;
}

function compressUlaw(sample: number): number {
  const magnitude = Math.min(Math.abs(sample), 32_635) + 0x84;
  const exponent = segment(magnitude);
  return ~((sample < 0 ? 0x80 : 0) | (exponent << 4) | ((magnitude >> (exponent + 3)) & 15)) & 0xff;
}

const ALAW = Int16Array.from({ length: 256 }, (_, code) => expandAlaw(code));
const ULAW = Int16Array.from({ length: 256 }, (_, code) => expandUlaw(code));
