import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { tone } from "../../service/agent/audio/tone.ts";
import { type Line, lineOf, markerHz } from "./lines.ts";

const run = promisify(execFile);

/** Hz, of OpenAI's realtime audio; a speech model is asked for another. */
export const VOICE_RATE = 24_000;
/** Under the marker, which a listener must find: 14 dB. */
const SPEECH_GAIN = 0.08;
const MARKER_LEVEL = 0.25;
const WAV_HEADER_BYTES = 44;
const CALLER_RATE = 8_000;
/** As loud as a voice on the telephone. */
const CALLER_GAIN = 6;

/** Speech of espeak-ng (Debian), by text: a sentence is spoken many times in a test. */
const spoken = new Map<string, Promise<Int16Array>>();

/** How far a line has been spoken: its sentences come one by one. */
export interface Progress {
  line: Line;
  samples: number;
}

/** The same with their markers: a line's sentences come in the same order each time. */
const marked = new Map<string, Int16Array>();

/** A sentence, with the marker of each second of its line under it; `progress` goes on by its length. */
export async function speak(text: string, progress: Progress, rate = VOICE_RATE): Promise<Int16Array> {
  if (progress.samples === 0) progress.line = lineOf(text);
  const key = `${rate} ${progress.line} ${progress.samples} ${text}`;
  const audio = marked.get(key) ?? mark(await speechOf(text.trim(), rate), progress, rate);
  marked.set(key, audio);
  progress.samples += audio.length;
  return audio;
}

/** Second by second: many calls are spoken to at once, and each of them waits for this. */
function mark(speech: Int16Array, { line, samples }: Progress, rate: number): Int16Array {
  const audio = new Int16Array(speech);
  for (let at = 0; at < audio.length; ) {
    const marker = markerOf(line, Math.floor((samples + at) / rate), rate);
    const offset = (samples + at) % rate;
    const end = Math.min(audio.length, at + rate - offset);
    for (let one = at; one < end; one++) audio[one] = (audio[one] ?? 0) + (marker[offset + one - at] ?? 0);
    at = end;
  }
  return audio;
}

/** Real speech, without a marker, as a caller's telephone sends it: 8 kHz. */
export async function spokenByCaller(text: string): Promise<Int16Array> {
  return (await speechOf(text, CALLER_RATE)).map((sample) => sample * CALLER_GAIN);
}

function speechOf(text: string, rate: number): Promise<Int16Array> {
  const key = `${rate} ${text}`;
  const known = spoken.get(key) ?? synthesize(text, rate);
  spoken.set(key, known);
  return known;
}

async function synthesize(text: string, rate: number): Promise<Int16Array> {
  if (text === "") return new Int16Array(0);
  const args = ["-v", "en-us", "-s", "165", "--stdout", text];
  const { stdout } = await run("espeak-ng", args, { encoding: "buffer", maxBuffer: 50_000_000 });
  const ownRate = stdout.readUInt32LE(24);
  const data = stdout.subarray(WAV_HEADER_BYTES);
  const samples = new Int16Array(Math.floor(((data.length / 2) * rate) / ownRate));
  for (let at = 0; at < samples.length; at++)
    samples[at] = Math.round(SPEECH_GAIN * between(data, (at * ownRate) / rate));
  return samples;
}

/** Linear interpolation: good enough for 22.05 kHz of speech on a telephone. */
function between(data: Buffer, position: number): number {
  const [before, after] = [Math.floor(position), Math.min(Math.floor(position) + 1, data.length / 2 - 1)];
  const share = position - before;
  return data.readInt16LE(2 * before) * (1 - share) + data.readInt16LE(2 * after) * share;
}

const markers = new Map<string, Int16Array>();

function markerOf(line: Line, second: number, rate: number): Int16Array {
  const hz = markerHz(line, second);
  const key = `${rate} ${hz}`;
  const marker = markers.get(key) ?? tone({ hz, ms: 1_000 }, rate, MARKER_LEVEL);
  markers.set(key, marker);
  return marker;
}
