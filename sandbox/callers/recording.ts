import { SAMPLE_RATE } from "./g711.ts";

/** A packet this much before its time belongs to a clock that has started anew. */
const EARLY_SAMPLES = (SAMPLE_RATE * 60) / 1_000;
/** And one this much after it. Less is this process's own delay: on a loaded machine it reads its socket late. */
const LATE_SAMPLES = (SAMPLE_RATE * 300) / 1_000;
/** Half an hour: what is later is left out, not recorded. */
const MAX_SAMPLES = 30 * 60 * SAMPLE_RATE;

/**
 * Audio placed on a time axis: by RTP time stamps while a stream runs, by arrival where it starts or starts anew.
 * Gaps are silence. Position 0 is `startedAt` (epoch ms).
 */
export class Recording {
  readonly startedAt: number;
  #samples = new Int16Array(SAMPLE_RATE * 10);
  #length = 0;
  #offset: number | undefined;

  constructor(startedAt: number) {
    this.startedAt = startedAt;
  }

  /** Adds what arrived at `at` (epoch ms) with this RTP time stamp. */
  add(samples: Int16Array, timestamp: number, at: number): void {
    const arrival = Math.round(((at - this.startedAt) * SAMPLE_RATE) / 1_000);
    let position = this.#offset === undefined ? arrival : (timestamp + this.#offset) | 0;
    const early = position - arrival;
    if (this.#offset === undefined || early > EARLY_SAMPLES || early < -LATE_SAMPLES) {
      position = arrival;
      this.#offset = arrival - timestamp;
    }
    this.#write(samples, Math.max(0, position));
  }

  #write(samples: Int16Array, position: number): void {
    const end = position + samples.length;
    if (end > MAX_SAMPLES) return;
    if (end > this.#samples.length) {
      const larger = new Int16Array(Math.max(end, 2 * this.#samples.length));
      larger.set(this.#samples);
      this.#samples = larger;
    }
    this.#samples.set(samples, position);
    this.#length = Math.max(this.#length, end);
  }

  /** What was recorded from `at` (epoch ms) on, the silence before the first packet included. */
  since(at: number): Int16Array {
    const start = Math.round(((at - this.startedAt) * SAMPLE_RATE) / 1_000);
    if (start >= 0) return this.#samples.slice(Math.min(start, this.#length), this.#length);
    const padded = new Int16Array(this.#length - start);
    padded.set(this.#samples.subarray(0, this.#length), -start);
    return padded;
  }
}
