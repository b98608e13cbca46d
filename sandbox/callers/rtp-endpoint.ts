import { createSocket, type Socket } from "node:dgram";
import { decode, encode, type G711Codec, PAYLOAD_TYPE, SAMPLE_RATE } from "./g711.ts";
import { Recording } from "./recording.ts";
import { readPacket, writePacket } from "./rtp-packet.ts";
import { dominantTone, generateTone } from "./tone.ts";

const FRAME_MS = 20;
const FRAME_SAMPLES = (SAMPLE_RATE * FRAME_MS) / 1_000;
/** After a stall of the process no more than this many late frames are sent at once. */
const CATCH_UP_FRAMES = 10;

export interface RtpEndpointOptions {
  /** What it sends, in whole Hz; 0 sends nothing. */
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
  #nextSequence: number | undefined;
  #audible = false;
  #over = false;
  /** One second of the tone: whole Hz repeat after it. */
  readonly #second: Int16Array;
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
    if (this.#timer || this.#over || this.#options.toneHz === 0) return;
    this.#startedAt = performance.now();
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
    const from = this.#frames * FRAME_SAMPLES;
    const position = from % SAMPLE_RATE;
    const samples = this.#second.subarray(position, position + FRAME_SAMPLES);
    const { host, port } = this.#remote as { host: string; port: number };
    const packet = writePacket({
      payloadType: PAYLOAD_TYPE[this.#options.codec],
      marker: this.#frames === 0,
      sequence: this.#frames,
      timestamp: from,
      ssrc: this.#ssrc,
      payload: encode(this.#options.codec, samples),
    });
    this.#frames++;
    this.counts.sent++;
    this.sent.add(samples, from, Date.now());
    this.#socket.send(packet, port, host);
  }

  #receive(data: Buffer): void {
    const packet = readPacket(data);
    const codec = packet && codecOf(packet.payloadType);
    if (!packet || !codec) return;
    this.#count(packet.sequence);
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
