import { audioOfText, audioOfUrl } from "../audio.ts";
import { FileNotFound } from "../http-files.ts";
import type { Playing } from "../leg.ts";
import type { Audio } from "../tone-stream.ts";
import { hasVoice, type Synthesizer } from "../voices.ts";
import { type Call, NonFatalError, type Precondition, type Verb, type VerbData } from "./verb.ts";

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
  synthesizer?: Synthesizer;
}

function rounds(loop: number | string | undefined): number {
  return loop === "forever" ? Number.POSITIVE_INFINITY : Number(loop || 1);
}

/** Plays one audio after the other, all of them `loop` times (read: feature-server lib/tasks/play.js). */
abstract class AudioVerb implements Verb {
  abstract readonly name: "play" | "say";
  readonly needs: Precondition = "media";
  readonly earlyMedia: boolean;
  readonly #data: PlayData | SayData;
  #playing: Playing | undefined;
  #killed = false;

  constructor(data: PlayData | SayData) {
    this.earlyMedia = data.earlyMedia === true;
    this.#data = data;
  }

  abstract run(call: Call, nested: boolean): Promise<void>;
  protected abstract audios(): Promise<Audio>[];

  /** A file is fetched each time, from the cache if it may be kept. */
  protected async playAll(call: Call): Promise<void> {
    const timer = this.#limit();
    try {
      for (let round = 0; round < rounds(this.#data.loop) && !this.#killed && !call.leg.gone; round++) {
        for (const audio of this.audios()) await this.#playOne(call, await audio);
      }
    } finally {
      clearTimeout(timer);
    }
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

  kill(): void {
    this.#killed = true;
    this.#playing?.stop();
  }
}

/**
 * A file that is not there is told to the actionHook, whose verbs take the place of the rest; without any the next verb follows
 * (read: feature-server lib/tasks/play.js, lib/utils/error.js PlayFileNotFoundError) (seen live: jambonz-live, section 11).
 */
class Play extends AudioVerb {
  readonly name = "play";
  readonly #data: PlayData;

  constructor(data: PlayData) {
    super(data);
    this.#data = data;
  }

  protected audios(): Promise<Audio>[] {
    return [this.#data.url].flat().map(audioOfUrl);
  }

  async run(call: Call, nested: boolean): Promise<void> {
    const started = Date.now();
    try {
      await this.playAll(call);
    } catch (error) {
      if (!(error instanceof FileNotFound)) throw error;
      await call.performAction(this.#data, { status: "fail", reason: "playFailed" }, !nested);
      throw new NonFatalError(error.message);
    }
    const ms = Date.now() - started;
    const playback = { playback_seconds: Math.floor(ms / 1000), playback_milliseconds: ms };
    // A hook that fails is only logged.
    await call.performAction(this.#data, { reason: "playCompleted", ...playback }, !nested).catch(() => {});
  }
}

/** Without a credential for its voice it ends at once, and tells nobody (read: feature-server lib/tasks/say.js) (seen live: jambonz-live, section 4). */
class Say extends AudioVerb {
  readonly name = "say";
  readonly #texts: string[];
  readonly #voice: Synthesizer | undefined;

  constructor(data: SayData, texts: string[]) {
    super(data);
    this.#texts = texts;
    this.#voice = data.synthesizer;
  }

  protected audios(): Promise<Audio>[] {
    return this.#texts.map((text) => Promise.resolve(audioOfText(text)));
  }

  async run(call: Call): Promise<void> {
    const { applicationSid } = call.info;
    const application = call.account.applications.find(({ application_sid: sid }) => sid === applicationSid);
    if (hasVoice(call.account, application, this.#voice)) await this.playAll(call);
  }
}

export function play(data: PlayData): Verb {
  return new Play(data);
}

/** Throws without text, and for streamed text, which needs a WebSocket application (read: feature-server lib/tasks/say.js). */
export function say(data: SayData): Verb {
  if (data.text === undefined) throw new Error("Say: either text or stream:true is required");
  return new Say(data, [data.text].flat());
}
