import { SAMPLE_RATE } from "./g711.ts";

/** The payload type that callers of the sandbox offer for telephone-event. */
export const EVENT_PAYLOAD_TYPE = 101;

/** The telephone's keys, each at its event code (RFC 4733, section 3.2). */
const KEYS = "0123456789*#";

const FRAME_SAMPLES = (SAMPLE_RATE * 20) / 1_000;
/** A key is held for 100 ms: exchanges take 40 ms for the shortest that anybody means. */
const HELD_FRAMES = 5;
/** The last packet is repeated, so that the end is not lost (RFC 4733, section 2.5.1.4). */
const END_PACKETS = 3;
const VOLUME = 10; // -10 dBm0
const END_BIT = 0x80;

/** One frame's packets of a key that is held: all of a key carry the time stamp of its beginning. */
export interface KeyFrame {
  payloads: Uint8Array[];
  /** The frame is the key's first: its packet carries the marker. */
  isFirst: boolean;
}

/** What to send, frame by frame (20 ms), while a key is held. @throws RangeError for anything but a key. */
export function keyFrames(key: string): KeyFrame[] {
  const code = key.length === 1 ? KEYS.indexOf(key) : -1;
  if (code < 0) throw new RangeError(`${JSON.stringify(key)} is not a telephone key: one of ${KEYS}`);
  return Array.from({ length: HELD_FRAMES }, (_, frame) => {
    const isLast = frame === HELD_FRAMES - 1;
    const payload = eventPayload(code, (frame + 1) * FRAME_SAMPLES, isLast);
    return { payloads: Array.from({ length: isLast ? END_PACKETS : 1 }, () => payload), isFirst: frame === 0 };
  });
}

function eventPayload(code: number, duration: number, isEnd: boolean): Uint8Array {
  return Uint8Array.of(code, (isEnd ? END_BIT : 0) | VOLUME, duration >> 8, duration & 0xff);
}

/** Hears the keys of a stream: a key's packets all carry the same time stamp. */
export class KeyListener {
  #last: number | undefined;

  /** The key that begins with this packet; undefined for its repetitions and for other events. */
  hear(payload: Uint8Array, timestamp: number): string | undefined {
    if (payload.length < 4 || timestamp === this.#last) return undefined;
    this.#last = timestamp;
    return KEYS[payload[0] as number];
  }
}
