import { decode, encode, PAYLOAD_TYPE as G711_TYPES, type G711Codec } from "./g711.ts";
import { G722Decoder, G722Encoder } from "./g722.ts";

/** What a caller can say and understand: 8 kHz, one byte a sample. */
export type Codec = G711Codec | "G722";

/** Static RTP payload types (RFC 3551). G.722's clock is 8 kHz there, too, by an error that stayed. */
export const PAYLOAD_TYPE: Record<Codec, number> = { ...G711_TYPES, G722: 9 };

/** One direction of one stream: G.722 remembers what went before. */
export interface Coder {
  encode(samples: Int16Array): Uint8Array;
  decode(payload: Uint8Array): Int16Array;
}

export function coderOf(codec: Codec): Coder {
  if (codec !== "G722")
    return { encode: (samples) => encode(codec, samples), decode: (payload) => decode(codec, payload) };
  const [encoder, decoder] = [new G722Encoder(), new G722Decoder()];
  return { encode: (samples) => encoder.encode(samples), decode: (payload) => decoder.decode(payload) };
}

/** Undefined for a payload type that no caller understands. */
export function codecOf(payloadType: number): Codec | undefined {
  return (Object.keys(PAYLOAD_TYPE) as Codec[]).find((codec) => PAYLOAD_TYPE[codec] === payloadType);
}
