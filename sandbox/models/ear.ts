import { dominantTone, levelOf } from "../../service/agent/audio/spectrum.ts";

/** A piece of what a caller said; ms since the first sample. */
export interface Utterance {
  fromMs: number;
  toMs: number;
  /** Its strongest frequency: a sandbox's caller speaks in tones. */
  hz: number;
}

export interface EarEvents {
  started(atMs: number): void;
  /** Once, when the utterance is so long that a recognizer has its first words. */
  understood?(soFar: Utterance): void;
  stopped(utterance: Utterance): void;
}

const FRAME_MS = 20;
const AUDIBLE_DB = -40;
/** A click is not speech. */
const ONSET_MS = 60;
const FIRST_WORDS_MS = 300;
const ANALYZED_MS = 200;

/** Finds speech by its energy, as a server VAD without a model would. */
export class Ear {
  readonly #rate: number;
  readonly #silenceMs: () => number;
  readonly #events: EarEvents;
  #rest = new Int16Array(0);
  #speech: Int16Array[] = [];
  #nowMs = 0;
  #loudMs = 0;
  #quietMs = 0;
  #startedAt: number | undefined;
  #isUnderstood = false;

  /** @param silenceMs so long a pause ends an utterance. */
  constructor(rate: number, silenceMs: () => number, events: EarEvents) {
    this.#rate = rate;
    this.#silenceMs = silenceMs;
    this.#events = events;
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  hear(samples: Int16Array): void {
    const all = new Int16Array(this.#rest.length + samples.length);
    all.set(this.#rest);
    all.set(samples, this.#rest.length);
    const frame = (this.#rate * FRAME_MS) / 1_000;
    let at = 0;
    for (; at + frame <= all.length; at += frame) this.#hearFrame(all.slice(at, at + frame));
    this.#rest = all.slice(at);
  }

  #hearFrame(frame: Int16Array): void {
    this.#nowMs += FRAME_MS;
    const isLoud = levelOf(frame) >= AUDIBLE_DB;
    this.#loudMs = isLoud ? this.#loudMs + FRAME_MS : 0;
    this.#quietMs = isLoud ? 0 : this.#quietMs + FRAME_MS;
    if (isLoud) this.#speech.push(frame);
    if (this.#startedAt === undefined) this.#listenForStart();
    else this.#listenForEnd(this.#startedAt);
  }

  #listenForStart(): void {
    if (this.#loudMs === 0) this.#speech = [];
    if (this.#loudMs < ONSET_MS) return;
    this.#startedAt = this.#nowMs - this.#loudMs;
    this.#isUnderstood = false;
    this.#events.started(this.#startedAt);
  }

  #listenForEnd(fromMs: number): void {
    if (!this.#isUnderstood && this.#loudMs >= FIRST_WORDS_MS) {
      this.#isUnderstood = true;
      this.#events.understood?.({ fromMs, toMs: this.#nowMs, hz: this.#hz() });
    }
    if (this.#quietMs < this.#silenceMs()) return;
    this.#startedAt = undefined;
    this.#events.stopped({ fromMs, toMs: this.#nowMs - this.#quietMs, hz: this.#hz() });
    this.#speech = [];
  }

  #hz(): number {
    const frames = this.#speech.slice(-ANALYZED_MS / FRAME_MS - 1, -1);
    const samples = Int16Array.from(frames.flatMap((frame) => [...frame]));
    return samples.length === 0 ? 0 : Math.round(dominantTone(samples, this.#rate).hz);
  }
}
