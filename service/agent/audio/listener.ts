import { dominantTone, levelOf } from "./spectrum.ts";

/** The beginning of something audible. */
export interface HeardSound {
  /** Its strongest frequency. */
  hz: number;
  /** 0…1, near 1 for a pure tone. */
  purity: number;
  /** dB of full scale. */
  level: number;
}

export const AUDIBLE_DB = -45; // telephone speech is at -30…-15, comfort noise below -50
const MEASURED_MS = 200;
const SILENCE_MS = 1_000;

/** Tells when somebody starts to be heard, first at all and again after 1 s of silence, and what the first 200 ms are. */
export class Listener {
  readonly #sampleRate: number;
  readonly #measured: Int16Array;
  #filled = 0;
  #state: "silent" | "measuring" | "heard" = "silent";
  #silentMs = 0;

  /** @param sampleRate of everything given to `hear`, in Hz. */
  constructor(sampleRate: number) {
    this.#sampleRate = sampleRate;
    this.#measured = new Int16Array((sampleRate * MEASURED_MS) / 1000);
  }

  /** Whether somebody is heard now, or was within the last second. */
  get isHearing(): boolean {
    return this.#state !== "silent";
  }

  /** Takes the next piece of audio (mono, any length). Returns a sound once its first 200 ms are complete. */
  hear(samples: Int16Array): HeardSound | undefined {
    if (this.#state === "silent" && levelOf(samples) >= AUDIBLE_DB) this.#state = "measuring";
    if (this.#state === "measuring") return this.#measure(samples);
    if (this.#state === "heard") this.#countSilence(samples);
    return undefined;
  }

  #measure(samples: Int16Array): HeardSound | undefined {
    const part = samples.subarray(0, this.#measured.length - this.#filled);
    this.#measured.set(part, this.#filled);
    this.#filled += part.length;
    if (this.#filled < this.#measured.length) return undefined;
    this.#filled = 0;
    this.#silentMs = 0;
    this.#state = "heard";
    return { ...dominantTone(this.#measured, this.#sampleRate), level: levelOf(this.#measured) };
  }

  #countSilence(samples: Int16Array): void {
    this.#silentMs = levelOf(samples) >= AUDIBLE_DB ? 0 : this.#silentMs + (samples.length / this.#sampleRate) * 1000;
    if (this.#silentMs >= SILENCE_MS) this.#state = "silent";
  }
}

/** For the log. */
export function rounded(sound: HeardSound) {
  return {
    hz: Math.round(sound.hz),
    purity: Math.round(sound.purity * 100) / 100,
    level: Math.round(sound.level * 10) / 10,
  };
}
