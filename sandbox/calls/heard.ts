import type { CallerReport } from "../callers/sipp-caller.ts";

/** The tones that the system's parts make; each is somebody's alone. */
const TONE = {
  hold: [392, 494, 587],
  ringback: [425],
  greeting: [700, 900],
  /** The sandbox's rendering of `say`, and its file of the apology. */
  speech: [300],
  operator: [1_100],
  /** "This call cannot be completed." */
  signal: [950, 1_400, 1_800],
} as const;
type Sound = keyof typeof TONE;

const NEAR_HZ = 15;
/** Analysed in windows of 100 ms: an edge may be seen one window late. */
const WINDOW_MS = 100;

export interface Heard {
  what: Sound | "caller" | "other";
  fromMs: number;
  toMs: number;
}

/** What a caller heard, one entry for each uninterrupted sound of one kind, ms since the INVITE. */
export function heardBy(caller: CallerReport): Heard[] {
  const all: Heard[] = [];
  for (const { hz, fromMs, toMs } of caller.heard) {
    const what = soundOf(hz, caller.sentHz);
    const last = all.at(-1);
    if (last?.what === what && fromMs - last.toMs <= WINDOW_MS) last.toMs = toMs;
    else all.push({ what, fromMs, toMs });
  }
  return all;
}

/** The kinds of sound in their order, repetitions left out. */
export function scoreOf(caller: CallerReport): string[] {
  return heardBy(caller)
    .map(({ what }) => what)
    .filter((what, index, all) => what !== "other" && what !== all[index - 1]);
}

/** When a kind of sound was first heard; NaN = never. */
export function firstHeard(caller: CallerReport, what: Heard["what"]): number {
  return heardBy(caller).find((sound) => sound.what === what)?.fromMs ?? Number.NaN;
}

/** The longest silence between `fromMs` and `toMs`, edges included. */
export function longestSilence(caller: CallerReport, fromMs: number, toMs: number): number {
  let longest = 0;
  let end = fromMs;
  for (const sound of caller.heard) {
    if (sound.toMs <= fromMs || sound.fromMs >= toMs) continue;
    longest = Math.max(longest, sound.fromMs - end);
    end = Math.max(end, sound.toMs);
  }
  return Math.max(longest, toMs - end);
}

function soundOf(hz: number, ownHz: number): Heard["what"] {
  const near = (wanted: number) => Math.abs(hz - wanted) <= NEAR_HZ;
  if (near(ownHz)) return "caller";
  return (Object.keys(TONE) as Sound[]).find((sound) => TONE[sound].some(near)) ?? "other";
}
