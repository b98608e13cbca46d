import { setTimeout as pause } from "node:timers/promises";
import type { Phone, PlaceCallOptions } from "../callers/sipp-caller.ts";
import { LINES, type Line, markerAt } from "../models/lines.ts";
import { PHRASES } from "../models/script.ts";
import { speak, spokenByCaller, VOICE_RATE } from "../models/voice.ts";
import type { SeenEvent } from "../start/event-log.ts";
import type { FlowName, PlacedCall, System } from "./system.ts";

/** What a caller heard of one line. */
export interface HeardLine {
  line: Line;
  fromMs: number;
  toMs: number;
}

const SPEAKING_MS = 1_000;
/** Two pieces of a line belong together when no more is between them: some of its windows are more speech than marker. */
const TOGETHER_MS = 1_500;

let callers = 100;

/** A caller who talks to a model: silent unless they say something. */
export class ModelCaller {
  readonly over: Promise<PlacedCall>;
  readonly id: Promise<string>;
  readonly #system: System;
  #phone: Phone | undefined;
  /** When the caller fell silent last, ms since 1970. */
  silentAt = 0;

  constructor(system: System, flow: FlowName, options: Partial<PlaceCallOptions> = {}) {
    const digits = String(++callers);
    this.#system = system;
    this.over = system.call(flow, {
      ...{ from: `+4917100${digits}`, toneHz: 0, holdMs: 60_000, bye: "callee" as const, ...options },
      onPhone: (phone) => {
        this.#phone = phone;
        phone.say(0); // packets without a sound: LiveKit ends a call from which none come
      },
    });
    this.id = this.#event(
      ({ event, fields }) => event === "webhook.received" && String(fields.caller).endsWith(digits),
      "the call",
    ).then(({ callId }) => callId as string);
    this.over.catch(() => undefined); // told where they are waited for
    this.id.catch(() => undefined);
  }

  /** Waits for one of the call's events, the `nth`. */
  async saw(name: string, nth = 1, isWanted: (event: SeenEvent) => boolean = () => true): Promise<SeenEvent> {
    const id = await this.id;
    let count = 0;
    const known = new Set<SeenEvent>();
    return this.#event((event) => {
      if (event.event === name && event.callId === id && isWanted(event) && !known.has(event)) {
        known.add(event);
        count++;
      }
      return count >= nth && known.has(event);
    }, name);
  }

  async say(what: keyof typeof PHRASES, ms = SPEAKING_MS): Promise<void> {
    this.#phone?.say(PHRASES[what].hz);
    await pause(ms);
    this.#phone?.say(0);
    this.silentAt = Date.now();
  }

  /** Says it in a real voice. */
  async speak(text: string): Promise<void> {
    const samples = await spokenByCaller(text);
    this.#phone?.speak(samples);
    await pause(samples.length / 8);
    this.silentAt = Date.now();
  }

  press(keys: string): void {
    this.#phone?.press(keys);
  }

  get heardKeys(): string {
    return this.#phone?.heardKeys ?? "";
  }

  async #event(isWanted: (event: SeenEvent) => boolean, what: string): Promise<SeenEvent> {
    let found: SeenEvent | undefined;
    await this.#system.events.waitFor((event) => {
      if (isWanted(event)) found ??= event;
      return found !== undefined;
    }, 40_000);
    if (!found) throw new Error(`${what} was not seen`);
    return found;
  }
}

/** When the INVITE was sent, ms since 1970: what a caller heard is counted from there. */
export function invitedAt({ caller }: PlacedCall): number {
  return caller.timeline.find(({ event }) => event === "invite")?.at ?? Number.NaN;
}

/** The lines that a caller heard, in their order. */
export function linesOf({ caller }: PlacedCall): HeardLine[] {
  const lines: HeardLine[] = [];
  for (const { hz, fromMs, toMs } of caller.heard) {
    const marker = markerAt(hz);
    if (!marker) continue;
    const last = lines.at(-1);
    if (last?.line === marker.line && fromMs - last.toMs <= TOGETHER_MS) last.toMs = toMs;
    else lines.push({ line: marker.line, fromMs, toMs });
  }
  return lines;
}

/** What a caller should have heard of a line and has not, ms: whole seconds by their markers, and of the last one its end. */
export async function missingOf({ caller }: PlacedCall, line: Line): Promise<number> {
  const heardMs = new Map<number, number>();
  for (const { hz, fromMs, toMs } of caller.heard) {
    const marker = markerAt(hz);
    if (marker?.line === line) heardMs.set(marker.second, (heardMs.get(marker.second) ?? 0) + toMs - fromMs);
  }
  const wholeMs = await lengthOf(line);
  const last = Math.floor(wholeMs / 1_000);
  const missing = Array.from({ length: last }, (_, second) => (heardMs.has(second) ? 0 : 1_000));
  return missing.reduce((sum, ms) => sum + ms, Math.max(0, (wholeMs % 1_000) - (heardMs.get(last) ?? 0)));
}

/** The lines in their order, each once where it was said several times in a row. */
export function scriptOf(call: PlacedCall): Line[] {
  const lines: Line[] = linesOf(call).map(({ line }) => line);
  return lines.filter((line, index) => line !== lines[index - 1]);
}

/** How long a line takes, sentence by sentence, ms. */
export async function lengthOf(line: Line): Promise<number> {
  const progress = { line, samples: 0 };
  for (const sentence of LINES[line].split(/(?<=[.?]) /)) await speak(sentence, progress);
  return (progress.samples / VOICE_RATE) * 1_000;
}
