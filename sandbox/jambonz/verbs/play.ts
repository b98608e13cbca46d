import { audioOfText, audioOfUrl } from "../audio.ts";
import type { Playing } from "../leg.ts";
import type { Audio } from "../tone-stream.ts";
import type { Call, Precondition, Verb, VerbData } from "./verb.ts";

export interface PlayData extends VerbData {
  url: string | string[];
  loop?: number | string;
  earlyMedia?: boolean;
  timeoutSecs?: number | string;
}

export interface SayData extends VerbData {
  text?: string | string[];
  loop?: number | string;
  earlyMedia?: boolean;
  stream?: boolean;
}

function rounds(loop: number | string | undefined): number {
  return loop === "forever" ? Number.POSITIVE_INFINITY : Number(loop || 1);
}

/** Plays one audio after the other, all of them `loop` times (read: feature-server lib/tasks/play.js). */
class AudioVerb implements Verb {
  readonly name: "play" | "say";
  readonly needs: Precondition = "media";
  readonly earlyMedia: boolean;
  readonly #data: PlayData | SayData;
  readonly #audios: Audio[];
  #playing: Playing | undefined;
  #killed = false;

  constructor(name: "play" | "say", data: PlayData | SayData, audios: Audio[]) {
    this.name = name;
    this.earlyMedia = data.earlyMedia === true;
    this.#data = data;
    this.#audios = audios;
  }

  async run(call: Call, nested: boolean): Promise<void> {
    const started = Date.now();
    const timer = this.#limit();
    for (let round = 0; round < rounds(this.#data.loop) && !this.#killed && !call.leg.gone; round++) {
      for (const audio of this.#audios) await this.#playOne(call, audio);
    }
    clearTimeout(timer);
    if (this.name === "play") await this.#finish(call, Date.now() - started, !nested);
  }

  async #playOne(call: Call, audio: Audio): Promise<void> {
    if (this.#killed) return;
    this.#playing = call.leg.play(audio);
    await this.#playing.done;
  }

  #limit(): NodeJS.Timeout | undefined {
    const seconds = "timeoutSecs" in this.#data ? Number(this.#data.timeoutSecs) : 0;
    return seconds > 0 ? setTimeout(() => this.kill(), seconds * 1000).unref() : undefined;
  }

  async #finish(call: Call, ms: number, expectAnswer: boolean): Promise<void> {
    const playback = { playback_seconds: Math.floor(ms / 1000), playback_milliseconds: ms };
    await call.performAction(this.#data, { reason: "playCompleted", ...playback }, expectAnswer);
  }

  kill(): void {
    this.#killed = true;
    this.#playing?.stop();
  }
}

export function play(data: PlayData): Verb {
  return new AudioVerb("play", data, [data.url].flat().map(audioOfUrl));
}

/** Throws without text, and for streamed text, which needs a WebSocket application (read: feature-server lib/tasks/say.js). */
export function say(data: SayData): Verb {
  if (data.text === undefined) throw new Error("Say: either text or stream:true is required");
  return new AudioVerb("say", data, [data.text].flat().map(audioOfText));
}
