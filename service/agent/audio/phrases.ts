import { readFileSync } from "node:fs";
import { samplesOfWav } from "./wav.ts";

/** Hz; what the files have. */
export const PHRASE_RATE = 8_000;
const LANGUAGES = ["de", "en"] as const;

/**
 * "We are sorry, something went wrong. Please call again.", mono, 16 bit, PHRASE_RATE: for a call whose conversation has failed, when there is no voice
 * to ask any more. How the files were made: docs/AGENT.md.
 * @param language BCP 47; what is not German is told in English.
 */
export function failurePhrase(language: string): Int16Array {
  const spoken = LANGUAGES.find((known) => language.toLowerCase().split("-")[0] === known) ?? "en";
  return samplesOfWav(readFileSync(new URL(`phrases/failure.${spoken}.wav`, import.meta.url)));
}
