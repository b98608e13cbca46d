import { createSocket, type Socket } from "node:dgram";
import { decode, encode, type G711Codec, PAYLOAD_TYPE, SAMPLE_RATE } from "./g711.ts";
import { Recording } from "./recording.ts";
import { type RtpPacket, readPacket, writePacket } from "./rtp-packet.ts";
import { EVENT_PAYLOAD_TYPE, type KeyFrame, KeyListener, keyFrames } from "./telephone-event.ts";
import { dominantTone, generateTone } from "./tone.ts";

const FRAME_MS = 20;
const FRAME_SAMPLES = (SAMPLE_RATE * FRAME_MS) / 1_000;
/** After a stall of the process no more than this many late frames are sent at once. */
const CATCH_UP_FRAMES = 10;
/** Between two keys the voice goes on for this long. */
const BETWEEN_KEYS = 4;

export interface RtpEndpointOptions {
  /** What it sends, in whole Hz; 0 sends nothing until `say` or `press`. */
  toneHz: number;
  /** Default PCMA. */
  codec?: G711Codec;
  /** Called once, when the first packet with something other than silence has come (epoch ms). */
  onFirstAudio?: (at: number) => void;
}

export interface RtpCounts {
  sent: number;
  received: number;
  /** Packets missing in the received sequence numbers. */
  lost: number;
}

/** One end of an RTP stream on 127.0.0.1: sends a tone every 20 ms without drift, records what it hears and sends. */
export class RtpEndpoint {
  readonly port: number;
  readonly counts: RtpCounts = { sent: 0, received: 0, lost: 0 };
  readonly heard: Recording;
  readonly sent: Recording;
  readonly #socket: Socket;
  readonly #options: Required<RtpEndpointOptions>;
  #remote: { host: string; port: number } | undefined;
  #timer: NodeJS.Timeout | undefined;
  #startedAt = 0;
  #frames = 0;
  #sequence = 0;
  #isTalking = false;
  /** What is left of the keys that are being pressed: one entry for each frame, undefined = the voice. */
  #keys: (KeyFrame | undefined)[] = [];
  #keyTimestamp = 0;
  readonly #keyListener = new KeyListener();
  #heardKeys = "";
  #nextSequence: number | undefined;
  #audible = false;
  #over = false;
  /** One second of the tone: whole Hz repeat after it. */
  #second: Int16Array;
  readonly #ssrc = Math.floor(Math.random() * 2 ** 32);

  static async open(options: RtpEndpointOptions): Promise<RtpEndpoint> {
    const socket = createSocket("udp4");
    await new Promise<void>((resolve, reject) => {
      socket.once("error", reject);
      socket.bind(0, "127.0.0.1", resolve);
    });
    return new RtpEndpoint(socket, options);
  }

  private constructor(socket: Socket, options: RtpEndpointOptions) {
    this.#socket = socket;
    this.#options = { codec: "PCMA", onFirstAudio: () => undefined, ...options };
    this.port = socket.address().port;
    this.#second = generateTone(options.toneHz, SAMPLE_RATE);
    this.#isTalking = options.toneHz !== 0;
    this.heard = new Recording(Date.now());
    this.sent = new Recording(Date.now());
    // A far end that has gone answers with ICMP: no reason to stop listening.
    socket.on("error", () => undefined);
    socket.on("message", (data) => this.#receive(data));
  }

  /** Sends the tone to this address from now on; called again it only moves the stream. */
  sendTo(host: string, port: number, codec: G711Codec = this.#options.codec): void {
    this.#remote = { host, port };
    this.#options.codec = codec;
    if (this.#isTalking || this.#keys.length > 0) this.#start();
  }

  /** The keys that were heard so far, in their order. */
  get heardKeys(): string {
    return this.#heardKeys;
  }

  /** Sends this tone from now on, in whole Hz; 0 = silence, which is sent too, as telephones do. */
  say(hz: number): void {
    this.#second = generateTone(hz, SAMPLE_RATE);
    this.#isTalking = true;
    this.#start();
  }

  /** Presses keys one after the other, 180 ms each, after those that are being pressed. @throws RangeError for anything but keys. */
  press(keys: string): void {
    for (const key of keys)
      this.#keys.push(...keyFrames(key), ...Array.from({ length: BETWEEN_KEYS }, () => undefined));
    this.#start();
  }

  #start(): void {
    if (this.#timer || this.#over || !this.#remote) return;
    this.#startedAt = performance.now() - this.#frames * FRAME_MS;
    this.#tick();
  }

  /** Sends nothing any more, and goes on listening. */
  fallSilent(): void {
    clearTimeout(this.#timer);
    this.#over = true;
  }

  async close(): Promise<void> {
    this.fallSilent();
    await new Promise<void>((resolve) => this.#socket.close(() => resolve()));
  }

  /** Deadlines are absolute: a late timer makes the next one shorter, frame n is due at start + 20 n ms. */
  #tick(): void {
    const due = Math.floor((performance.now() - this.#startedAt) / FRAME_MS) + 1;
    if (due - this.#frames > CATCH_UP_FRAMES) this.#frames = due - CATCH_UP_FRAMES;
    while (this.#frames < due) this.#sendFrame();
    const wait = this.#startedAt + this.#frames * FRAME_MS - performance.now();
    this.#timer = setTimeout(() => this.#tick(), Math.max(0, wait));
  }

  #sendFrame(): void {
    const timestamp = this.#frames * FRAME_SAMPLES;
    const key = this.#keys.shift();
    if (key) this.#sendKey(key, timestamp);
    else if (this.#isTalking) this.#sendVoice(timestamp);
    this.#frames++;
  }

  #sendVoice(timestamp: number): void {
    const position = timestamp % SAMPLE_RATE;
    const samples = this.#second.subarray(position, position + FRAME_SAMPLES);
    const { codec } = this.#options;
    const marker = this.counts.sent === 0;
    this.#send({ payloadType: PAYLOAD_TYPE[codec], marker, timestamp, payload: encode(codec, samples) });
    this.counts.sent++;
    this.sent.add(samples, timestamp, Date.now());
  }

  #sendKey({ payloads, isFirst }: KeyFrame, now: number): void {
    if (isFirst) this.#keyTimestamp = now;
    const common = { payloadType: EVENT_PAYLOAD_TYPE, marker: isFirst, timestamp: this.#keyTimestamp };
    for (const payload of payloads) this.#send({ ...common, payload });
  }

  #send(packet: Omit<RtpPacket, "sequence" | "ssrc">): void {
    const { host, port } = this.#remote as { host: string; port: number };
    this.#socket.send(writePacket({ ...packet, sequence: this.#sequence++, ssrc: this.#ssrc }), port, host);
  }

  #receive(data: Buffer): void {
    const packet = readPacket(data);
    if (!packet) return;
    const codec = codecOf(packet.payloadType);
    if (packet.payloadType === EVENT_PAYLOAD_TYPE)
      this.#heardKeys += this.#keyListener.hear(packet.payload, packet.timestamp) ?? "";
    if (codec || packet.payloadType === EVENT_PAYLOAD_TYPE) this.#count(packet.sequence);
    if (!codec) return;
    const now = Date.now();
    const samples = decode(codec, packet.payload);
    this.heard.add(samples, packet.timestamp, now);
    if (this.#audible || !dominantTone(samples)) return;
    this.#audible = true;
    this.#options.onFirstAudio(now);
  }

  #count(sequence: number): void {
    this.counts.received++;
    const gap = this.#nextSequence === undefined ? 0 : (sequence - this.#nextSequence) & 0xffff;
    if (gap < 0x8000) {
      this.counts.lost += gap;
      this.#nextSequence = (sequence + 1) & 0xffff;
    }
  }
}

function codecOf(payloadType: number): G711Codec | undefined {
  if (payloadType === PAYLOAD_TYPE.PCMA) return "PCMA";
  return payloadType === PAYLOAD_TYPE.PCMU ? "PCMU" : undefined;
}
