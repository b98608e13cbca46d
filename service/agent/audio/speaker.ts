import { setTimeout as sleep } from "node:timers/promises";
import { AudioFrame, AudioSource, LocalAudioTrack, type LocalTrackPublication, type Room } from "@livekit/rtc-node";
import { PUBLISH_OPTIONS } from "./publish-options.ts";

const FRAME_MS = 20;
/** More than this waiting to be spoken is dropped instead: a caller would hear ever older audio. */
const MAX_BACKLOG_MS = 400;
const LONGEST_WAIT_MS = 1_000;

/** The agent's voice: one published audio track. */
export class Speaker {
  readonly sampleRate: number;
  readonly #source: AudioSource;
  #publication: LocalTrackPublication | undefined;

  /** @param sampleRate in Hz, of everything this speaker plays. */
  constructor(sampleRate: number) {
    this.sampleRate = sampleRate;
    this.#source = new AudioSource(sampleRate, 1);
  }

  /** Milliseconds of audio that wait to be sent. */
  get backlogMs(): number {
    return this.#source.queuedDuration;
  }

  /** Publishes the track. For everyone outside this is the sign that the agent is there: be ready first. */
  async publish(room: Room): Promise<void> {
    if (!room.localParticipant) throw new Error("The agent is not in the room: connect before publishing");
    const track = LocalAudioTrack.createAudioTrack("agent", this.#source);
    this.#publication = await room.localParticipant.publishTrack(track, PUBLISH_OPTIONS);
  }

  /** Resolves when somebody receives the track, at the latest after 1 s: what is said before that nobody hears. */
  async heard(): Promise<void> {
    await Promise.race([this.#publication?.waitForSubscription(), sleep(LONGEST_WAIT_MS, undefined, { ref: false })]);
  }

  /** Plays all samples; resolves when the last has been sent. */
  async play(samples: Int16Array): Promise<void> {
    const frame = (this.sampleRate * FRAME_MS) / 1000;
    for (let offset = 0; offset < samples.length; offset += frame)
      await this.#capture(samples.slice(offset, offset + frame));
    await this.#source.waitForPlayout();
  }

  /** Adds samples to what is being played, without waiting for it to be heard. Drops them when too much waits already. */
  add(samples: Int16Array): void {
    if (this.backlogMs < MAX_BACKLOG_MS) void this.#capture(samples).catch(() => undefined); // closed meanwhile
  }

  async close(): Promise<void> {
    await this.#source.close();
  }

  /** rtc-node 0.13.35 sends a frame's whole buffer, whatever part of it the array views: it must own its buffer. */
  async #capture(samples: Int16Array): Promise<void> {
    await this.#source.captureFrame(new AudioFrame(samples, this.sampleRate, 1, samples.length));
  }
}
