import { createHash } from "node:crypto";
import type { PlayVerb, SayVerb } from "@jambonz/sdk/types";
import { comparableNumber, type SpeechEntry } from "@trunkline/contract";
import { TIMERS } from "@trunkline/shared";
import type { HookUrls } from "../jambonz/hook-urls.ts";
import type { Verb } from "../jambonz/verbs.ts";
import { PHRASES, type Phrase } from "./sentences.ts";
import { replacedTexts, type Said, type SaidTo } from "./settings.ts";
import { judgePath, type SignedName, signedPath } from "./signed-path.ts";
import { durationMs } from "./wav.ts";

/** What comes first in a call is fetched at once; what follows a queue or a dial, after the whole call. */
const ANNOUNCEMENT_LASTS_SECONDS = 60;
const REST_LASTS_SECONDS = 600;

/** The three rising tones that say "this call cannot be completed" in every network (ITU-T E.180): made by the media server itself. */
const CANNOT_BE_COMPLETED = "tone_stream://v=-13;%(330,0,950);%(330,0,1400);%(330,600,1800)";

export interface SpeechSettings {
  /** By called number; `*` = any other. */
  readonly said: ReadonlyMap<string, SaidTo>;
  readonly country: string | undefined;
  /** What file addresses are signed with: the first; any of them is accepted. */
  readonly keys: readonly string[];
  readonly callLimitSeconds: number;
}

export interface Listener {
  /** The number that was called, where it is known. */
  readonly called?: string | undefined;
  readonly hooks: HookUrls;
  /** Heard without an answer. */
  readonly early?: boolean;
}

/** How callers are spoken to: by a declared voice, else by files that this service has, so that no vendor can leave them in silence. */
export class Speech {
  readonly #settings: SpeechSettings;
  readonly #byNumber: ReadonlyMap<string, SaidTo>;
  readonly #files = new Map<string, Buffer>();

  constructor(settings: SpeechSettings) {
    this.#settings = settings;
    this.#byNumber = new Map(
      [...settings.said].map(([number, said]) => [
        number === "*" ? number : comparableNumber(number, settings.country),
        said,
      ]),
    );
    for (const to of settings.said.values())
      for (const phrase of PHRASES) this.#files.set(fileName(phrase, to[phrase].file), to[phrase].file);
  }

  /** Texts that callers hear otherwise than they are declared. */
  get replaced(): string[] {
    return replacedTexts(this.#settings.said);
  }

  /** How long a phrase takes, at most. */
  spokenMs(phrase: Phrase, called?: string): number {
    const { text, file, voice } = this.#said(phrase, called);
    if (text === "") return 0;
    return voice === undefined ? durationMs(file) : text.length * TIMERS.speechMsPerCharacter;
  }

  /** A phrase as verbs; none where there is nothing to say. */
  verbs(phrase: Phrase, listener: Listener): Verb[] {
    const said = this.#said(phrase, listener.called);
    if (said.text === "") return [];
    return [said.voice === undefined ? this.#play(phrase, said, listener) : this.#say(said, listener)];
  }

  /** In place of a file that jambonz could not fetch; an apology is at least a signal that needs neither a fetch nor a voice. */
  withoutFile(phrase: Phrase, listener: Listener): Verb[] {
    const signal: PlayVerb = { verb: "play", url: CANNOT_BE_COMPLETED, ...early(listener) };
    const say = this.#say(this.#said(phrase, listener.called), listener);
    return phrase === "apology" ? [signal, say] : [say];
  }

  /** A file by its name. Names are ours alone: none is a path. */
  file(name: string): Buffer | undefined {
    return this.#files.get(name);
  }

  judge(asked: Omit<SignedName, "keys">) {
    return judgePath({ ...asked, keys: this.#settings.keys });
  }

  #said(phrase: Phrase, called: string | undefined): Said {
    const own = called && this.#byNumber.get(comparableNumber(called, this.#settings.country));
    const to = own || this.#byNumber.get("*");
    if (to === undefined) throw new Error("there is no entry for `*`");
    return to[phrase];
  }

  #play(phrase: Phrase, { file }: Said, listener: Listener): PlayVerb {
    const [key = ""] = this.#settings.keys;
    const isFirst = phrase === "announcement";
    const lastsSeconds = isFirst ? ANNOUNCEMENT_LASTS_SECONDS : this.#settings.callLimitSeconds + REST_LASTS_SECONDS;
    const { origin, spoken } = listener.hooks;
    return {
      verb: "play",
      url: origin + signedPath(fileName(phrase, file), { key, lastsSeconds }),
      actionHook: `${spoken}?of=${phrase}`,
      ...early(listener),
    };
  }

  #say({ text, voice }: Said, listener: Listener): SayVerb {
    return { verb: "say", text, ...(voice && { synthesizer: synthesizerOf(voice) }), ...early(listener) };
  }
}

function early({ early: isEarly }: Listener): { earlyMedia?: true } {
  return isEarly ? { earlyMedia: true } : {};
}

function fileName(phrase: Phrase, file: Buffer): string {
  return `${phrase}-${createHash("sha256").update(file).digest("hex").slice(0, 16)}.wav`;
}

function synthesizerOf(entry: SpeechEntry): NonNullable<SayVerb["synthesizer"]> {
  const { vendor = "", label, language, voice, fallbackVendor, fallbackLabel, fallbackLanguage, fallbackVoice } = entry;
  return {
    vendor,
    language,
    ...(label && { label }),
    ...(voice && { voice }),
    ...(fallbackVendor && { fallbackVendor }),
    ...(fallbackLabel && { fallbackLabel }),
    ...(fallbackLanguage && { fallbackLanguage }),
    ...(fallbackVoice && { fallbackVoice }),
  };
}
