import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { type SpeechEntry, speechEntry } from "@trunkline/contract";
import { z } from "zod";
import { isSentence, PHRASES, type Phrase, SENTENCES, spokenLanguage } from "./sentences.ts";
import { problemOfWav } from "./wav.ts";

/** Relative paths begin at the folder that holds `service`, here as well as in what is deployed. */
const ROOT = resolve(import.meta.dirname, "../../..");
const speech = z.string().transform((text, context): Record<string, SpeechEntry> => {
  const entries = z.record(z.string(), speechEntry).safeParse(parseJson(text));
  if (entries.success) return { "*": speechEntry.parse({}), ...entries.data };
  const why = entries.error.issues.map(({ path, message }) => `${path.join(".")} ${message}`).join("; ");
  context.addIssue({ code: "custom", message: `must be JSON like {"*":{"language":"de"}}, entries by number: ${why}` });
  return z.NEVER;
});

export const speechVariables = {
  /** JSON: how callers are spoken to, by called number; `*` = any other. */
  SPEECH: speech.default({ "*": speechEntry.parse({}) }),
  /** Whether a caller who gets only the apology hears it without being answered: free of charge, where the carrier passes early media. */
  UNANSWERED_APOLOGY: z.stringbool().default(false),
};

/** The texts for `*`, and for each number of the same language. */
export interface CommonTexts {
  readonly announcement: string;
  readonly apology: string;
}

/** One phrase for one number. */
export interface Said {
  readonly text: string;
  /** Played unless a voice is declared. */
  readonly file: Buffer;
  /** The text is not what the file says. */
  readonly isOtherText: boolean;
  readonly voice: SpeechEntry | undefined;
}

export type SaidTo = Record<Phrase, Said>;

/** What callers are told, by called number. @throws Error with the entry and the file that cannot be played */
export function saidBy(entries: Record<string, SpeechEntry>, common: CommonTexts): Map<string, SaidTo> {
  const usual = entries["*"]?.language ?? "en";
  return new Map(
    Object.entries(entries).map(([number, entry]) => {
      const isUsual = spokenLanguage(entry.language) === spokenLanguage(usual);
      const said = (phrase: Phrase) => saidFrom(number, entry, phrase, isUsual ? common[phrase] : undefined);
      return [number, { announcement: said("announcement"), apology: said("apology") }];
    }),
  );
}

function saidFrom(number: string, entry: SpeechEntry, phrase: Phrase, common: string | undefined): Said {
  const language = spokenLanguage(entry.language);
  const usual = SENTENCES[phrase][language];
  const wanted = entry[phrase] ?? common ?? usual;
  const text = isSentence(phrase, wanted) ? usual : wanted;
  const path = entry[`${phrase}File`];
  const file = readFileSync(
    path === undefined ? resolve(import.meta.dirname, `phrases/${phrase}.${language}.wav`) : resolve(ROOT, path),
  );
  const problem = problemOfWav(file);
  if (problem !== undefined) throw new Error(`${number}: ${path ?? phrase} ${problem}`);
  const isOtherText = path === undefined && text !== usual && text !== "";
  return { text, file, isOtherText, voice: entry.vendor === undefined ? undefined : entry };
}

/** All that keeps a configuration from being used. */
export function speechProblems(entries: Record<string, SpeechEntry>): string[] {
  try {
    saidBy(entries, { announcement: "", apology: "" });
    return [];
  } catch (error) {
    return [`SPEECH: ${error instanceof Error ? error.message : "a file cannot be read"}`];
  }
}

/** Sentences that no file says and no voice is declared for: the shipped ones are played in their place. */
export function replacedTexts(said: ReadonlyMap<string, SaidTo>): string[] {
  return [...said].flatMap(([number, to]) =>
    PHRASES.filter((phrase) => to[phrase].isOtherText && to[phrase].voice === undefined).map(
      (phrase) =>
        `${phrase} for ${number}: neither a voice nor a file says this text, so the shipped sentence is played`,
    ),
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
