import { createSocket, type Socket } from "node:dgram";
import { type Codec, type Coder, codecOf, coderOf, PAYLOAD_TYPE } from "./codec.ts";
import { SAMPLE_RATE } from "./g711.ts";
import { Recording } from "./recording.ts";
import { type RtpPacket, readPacket, writePacket } from "./rtp-packet.ts";
import { DEFAULT_PACKET_MS } from "./sdp.ts";
import { EVENT_PAYLOAD_TYPE, type KeyFrame, KeyListener, keyFrames } from "./telephone-event.ts";
import { dominantTone, generateTone } from "./tone.ts";

/** After a stall of the process no more than this many late frames are sent at once. */
const CATCH_UP_FRAMES = 10;
/** Between two keys the voice goes on for this long. */
const BETWEEN_KEYS = 4;

export interface RtpEndpointOptions {
  /** What it sends, in whole Hz; 0 sends nothing until `say` or `press`. */
  toneHz: number;
  /** Default PCMA. */
  codec?: Codec;
  /** Milliseconds of audio in a packet. Default 20. */
  packetMs?: number;
  /** Called once, when the first packet with something other than silence has come (epoch ms). */
  onFirstAudio?: (at: number) => void;
}

export interface RtpCounts {
  sent: number;
  received: number;
  /** Packets missing in the received sequence numbers. */
  lost: number;
}

/** One end of an RTP stream on 127.0.0.1: sends a tone, packet by packet without drift, records what it hears and sends. */
export class RtpEndpoint {
  readonly port: number;
  readonly counts: RtpCounts = { sent: 0, received: 0, lost: 0 };
  readonly heard: Recording;
  readonly sent: Recording;
  readonly #socket: Socket;
  readonly #onFirstAudio: (at: number) => void;
  readonly #packetMs: number;
  readonly #packetSamples: number;
  #codec: Codec;
  #encoder: Coder;
  readonly #decoders = new Map<Codec, Coder>();
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
  /** One second of the tone: whole Hz repeat after it. And a packet more, which begins within it. */
  #second: Int16Array;
  /** What is left of something that is said once. */
  #clip: Int16Array = new Int16Array(0);
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
    this.#onFirstAudio = options.onFirstAudio ?? (() => undefined);
    this.#packetMs = options.packetMs ?? DEFAULT_PACKET_MS;
    this.#packetSamples = (SAMPLE_RATE * this.#packetMs) / 1_000;
    this.#codec = options.codec ?? "PCMA";
    this.#encoder = coderOf(this.#codec);
    this.port = socket.address().port;
    this.#second = this.#tone(options.toneHz);
    this.#isTalking = options.toneHz !== 0;
    this.heard = new Recording(Date.now());
    this.sent = new Recording(Date.now());
    // A far end that has gone answers with ICMP: no reason to stop listening.
    socket.on("error", () => undefined);
    socket.on("message", (data) => this.#receive(data));
  }

  /** Sends the tone to this address from now on; called again it only moves the stream. */
  sendTo(host: string, port: number, codec: Codec = this.#codec): void {
    this.#remote = { host, port };
    if (codec !== this.#codec) this.#encoder = coderOf(codec);
    this.#codec = codec;
    if (this.#isTalking || this.#keys.length > 0) this.#start();
  }

  /** The keys that were heard so far, in their order. */
  get heardKeys(): string {
    return this.#heardKeys;
  }

  /** Sends this tone from now on, in whole Hz; 0 = silence, which is sent too, as telephones do. */
  say(hz: number): void {
    this.#second = this.#tone(hz);
    this.#clip = new Int16Array(0);
    this.#isTalking = true;
    this.#start();
  }

  /** Sends this once, from now on; then silence. */
  speak(samples: Int16Array): void {
    this.say(0);
    this.#clip = samples;
  }

  /** Sends no packet until `say`, as a telephone on hold or one that suppresses silence. */
  hold(): void {
    this.#isTalking = false;
  }

  /** Presses keys one after the other, 180 ms each, after those that are being pressed. @throws RangeError for anything but keys. */
  press(keys: string): void {
    for (const key of keys)
      this.#keys.push(...keyFrames(key), ...Array.from({ length: BETWEEN_KEYS }, () => undefined));
    this.#start();
  }

  #tone(hz: number): Int16Array {
    return generateTone(hz, SAMPLE_RATE + this.#packetSamples);
  }

  #start(): void {
    if (this.#timer || this.#over || !this.#remote) return;
    this.#startedAt = performance.now() - this.#frames * this.#packetMs;
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

  /** Deadlines are absolute: a late timer makes the next one shorter, packet n is due at start + n packet times. */
  #tick(): void {
    const due = Math.floor((performance.now() - this.#startedAt) / this.#packetMs) + 1;
    if (due - this.#frames > CATCH_UP_FRAMES) this.#frames = due - CATCH_UP_FRAMES;
    while (this.#frames < due) this.#sendFrame();
    const wait = this.#startedAt + this.#frames * this.#packetMs - performance.now();
    this.#timer = setTimeout(() => this.#tick(), Math.max(0, wait));
  }

  #sendFrame(): void {
    const timestamp = this.#frames * this.#packetSamples;
    const key = this.#keys.shift();
    if (key) this.#sendKey(key, timestamp);
    else if (this.#isTalking) this.#sendVoice(timestamp);
    this.#frames++;
  }

  #sendVoice(timestamp: number): void {
    const samples = this.#nextVoice(timestamp % SAMPLE_RATE);
    const marker = this.counts.sent === 0;
    this.#send({ payloadType: PAYLOAD_TYPE[this.#codec], marker, timestamp, payload: this.#encoder.encode(samples) });
    this.counts.sent++;
    this.sent.add(samples, timestamp, Date.now());
  }

  #nextVoice(position: number): Int16Array {
    if (this.#clip.length < this.#packetSamples) return this.#second.subarray(position, position + this.#packetSamples);
    const samples = this.#clip.subarray(0, this.#packetSamples);
    this.#clip = this.#clip.subarray(this.#packetSamples);
    return samples;
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
    const samples = this.#decoder(codec).decode(packet.payload);
    this.heard.add(samples, packet.timestamp, now);
    if (this.#audible || !dominantTone(samples)) return;
    this.#audible = true;
    this.#onFirstAudio(now);
  }

  #decoder(codec: Codec): Coder {
    const known = this.#decoders.get(codec) ?? coderOf(codec);
    this.#decoders.set(codec, known);
    return known;
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
