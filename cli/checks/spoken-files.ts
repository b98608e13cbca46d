import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { wav } from "../../sandbox/callers/wav.ts";
import { PHRASES, SENTENCES } from "../../service/middleware/speech/sentences.ts";
import { chunkOf } from "../../service/middleware/speech/wav.ts";

/**
 * Makes the files that callers hear where no voice is declared. Needs espeak-ng (Debian's 1.51 made the shipped ones).
 * `node cli/checks/spoken-files.ts` makes the shipped files; with `--text`, `--language` and `--out` one of your own.
 */
const FOLDER = "service/middleware/speech/phrases";
const VOICES = { de: "de", en: "en-us" } as const;
const RATE = 8_000;
/** Half of full scale: as loud as the agent's own phrases. */
const PEAK = 16_384;
/** A telephone's upper limit, and how sharply all above it is cut. */
const HIGHEST_HZ = 3_600;
const TAPS = 121;

export function spoken(text: string, voice: string): Buffer {
  const made = execFileSync("espeak-ng", ["-v", voice, "-s", "150", "--stdout", text], { maxBuffer: 50_000_000 });
  const rate = chunkOf(made, "fmt ")?.readUInt32LE(4) ?? 0;
  const data = chunkOf(made, "data") ?? Buffer.alloc(0);
  const samples = Array.from({ length: Math.floor(data.length / 2) }, (_, at) => data.readInt16LE(2 * at));
  return wav(loud(resampled(samples, rate)));
}

/** Each new sample is the filtered value of the old ones around its moment (windowed sinc); its place among them repeats. */
function resampled(samples: readonly number[], rate: number): number[] {
  const common = commonDivisor(rate, RATE);
  const [period, step] = [RATE / common, rate / common];
  const filters = Array.from({ length: period }, (_, at) => filterAt((at * rate) / RATE, rate));
  return Array.from({ length: Math.floor((samples.length * RATE) / rate) }, (_, at) => {
    const { first, weights } = filters[at % period] ?? { first: 0, weights: [] };
    const from = Math.floor(at / period) * step + first;
    return weights.reduce((sum, weight, tap) => sum + weight * (samples[from + tap] ?? 0), 0);
  });
}

function filterAt(middle: number, rate: number): { first: number; weights: number[] } {
  const half = Math.floor(TAPS / 2);
  const first = Math.ceil(middle) - half;
  return { first, weights: Array.from({ length: 2 * half }, (_, tap) => weight(first + tap - middle, rate, half)) };
}

function weight(distance: number, rate: number, half: number): number {
  const share = (2 * HIGHEST_HZ) / rate;
  const x = Math.PI * share * distance;
  const hann = 0.5 + 0.5 * Math.cos((Math.PI * distance) / half);
  return share * (x === 0 ? 1 : Math.sin(x) / x) * hann;
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}

function loud(samples: readonly number[]): Int16Array {
  const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 1);
  return Int16Array.from(samples, (sample) => Math.round((sample * PEAK) / peak));
}

/** Text and voice of each shipped file. */
export function shippedFiles(): { path: string; text: string; voice: string }[] {
  return PHRASES.flatMap((phrase) =>
    (["de", "en"] as const).map((language) => ({
      path: `${FOLDER}/${phrase}.${language}.wav`,
      text: SENTENCES[phrase][language],
      voice: VOICES[language],
    })),
  );
}

function main(): void {
  const option = { type: "string" } as const;
  const { text, language = "en", out } = parseArgs({ options: { text: option, language: option, out: option } }).values;
  if (text !== undefined && out !== undefined) writeFileSync(out, spoken(text, language));
  else for (const { path, text: sentence, voice } of shippedFiles()) writeFileSync(path, spoken(sentence, voice));
}

if (process.argv[1]?.endsWith("spoken-files.ts")) main();
