import type { PlaySegment } from "./protocol.ts";

/** What FreeSWITCH would play for a URL: the segments once, `repeats` times, or for ever (`repeats` Infinity). */
export interface Audio {
  segments: PlaySegment[];
  repeats: number;
}

const DTMF_LOW = [697, 770, 859, 941]; // 859, not 852: libteletone_generate.c
const DTMF_HIGH = [1209, 1336, 1477, 1633];
const DTMF_KEYS = ["123A", "456B", "789C", "*0#D"];
const LOWEST_DB = -63;

interface ToneState {
  duration: number;
  wait: number;
  volume: number;
  loops: number;
}

/**
 * FreeSWITCH's `tone_stream://`, its tone language (read: FreeSWITCH libteletone_generate.c teletone_run, mod_tone_stream.c)
 * and `silence_stream://` (milliseconds; ≤ 0 is for ever). Understood: `%(on,off,hz…)`, keys as DTMF, `v= d= w= l= L=`
 * and `;loops=`. Decay (`>= <= +=`), `c=` and `r=` are accepted and ignored. undefined for any other URL.
 */
export function parseStream(url: string): Audio | undefined {
  if (url.startsWith("silence_stream://")) return silence(url.slice("silence_stream://".length));
  if (url.startsWith("tone_stream://")) return tones(url.slice("tone_stream://".length));
  return undefined;
}

function silence(spec: string): Audio {
  const ms = Number.parseInt(spec, 10) || 0;
  return ms > 0
    ? { segments: [{ kind: "silence", ms }], repeats: 1 }
    : { segments: [{ kind: "silence", ms: 1000 }], repeats: Number.POSITIVE_INFINITY };
}

function tones(spec: string): Audio {
  const [score = "", loops] = spec.split(/;loops=/i);
  const outer = /(?:^|;)\s*L=(\d+)/.exec(score)?.[1];
  const rounds = Math.max(1, Number(outer ?? 1)) * bufferRounds(loops);
  return { segments: segmentsOf(score), repeats: rounds };
}

/** `;loops=N` is N repetitions after the first, -1 for ever (read: FreeSWITCH switch_buffer_read_loop). */
function bufferRounds(loops: string | undefined): number {
  const count = Number.parseInt(loops ?? "0", 10) || 0;
  return count < 0 ? Number.POSITIVE_INFINITY : count + 1;
}

function segmentsOf(score: string): PlaySegment[] {
  const state: ToneState = { duration: 250, wait: 62, volume: -7, loops: 1 }; // 2000 and 500 samples at 8 kHz
  return score.split(";").flatMap((part) => {
    const setting = /^\s*([a-zA-Z<>+])=(.*)$/.exec(part);
    if (!setting) return notesOf(part, state);
    set(state, setting[1] ?? "", setting[2] ?? "");
    return [];
  });
}

function set(state: ToneState, name: string, value: string): void {
  const number = Number.parseFloat(value) || 0;
  if (name === "d") state.duration = number;
  if (name === "w") state.wait = number;
  if (name === "l") state.loops = Math.max(1, number);
  if (name === "v" && number <= 0 && number >= LOWEST_DB) state.volume = number;
}

function notesOf(part: string, state: ToneState): PlaySegment[] {
  const notes: PlaySegment[] = [];
  for (const match of part.matchAll(/(.)\(([^)]*)\)|(\S)/g)) {
    const note = match[3] ? key(match[3], [], state) : group(match[1] ?? "", match[2] ?? "", state);
    if (note === "syntax error") break; // the rest of the score is dropped: teletone_run, goto bottom
    for (let round = 0; round < state.loops; round++) notes.push(...note);
    if (note.length > 0) state.loops = 1; // `l` is used up by the first tone after it
  }
  return notes;
}

function group(head: string, list: string, state: ToneState): PlaySegment[] | "syntax error" {
  const numbers = list.split(",").map((text) => Number.parseFloat(text) || 0);
  if (head !== "%") return numbers.length === 2 ? key(head, numbers, state) : "syntax error";
  const [on = 0, off = 0, ...hz] = numbers;
  return hz.length > 0 ? note(hz, on, off, state) : "syntax error";
}

function key(character: string, times: number[], state: ToneState): PlaySegment[] {
  const row = DTMF_KEYS.findIndex((keys) => keys.includes(character));
  if (row < 0) return [];
  const hz = [DTMF_LOW[row] ?? 0, DTMF_HIGH[DTMF_KEYS[row]?.indexOf(character) ?? 0] ?? 0];
  return note(hz, times[0] ?? state.duration, times[1] ?? state.wait, state);
}

function note(hz: number[], on: number, off: number, state: ToneState): PlaySegment[] {
  if (!hz[0]) return []; // an empty map is ignored, its pause too
  const segments: PlaySegment[] = [];
  const audible = hz.filter((frequency) => frequency > 0);
  if (on > 0) segments.push({ kind: "tone", hz: audible, ms: on, level: state.volume });
  if (off > 0) segments.push({ kind: "silence", ms: off });
  return segments;
}

/** How long the audio lasts, ms. */
export function durationOf(audio: Audio): number {
  return audio.segments.reduce((sum, segment) => sum + segment.ms, 0) * audio.repeats;
}
