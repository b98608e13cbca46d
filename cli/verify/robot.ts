import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type CallerReport, type Phone, placeCall } from "../../sandbox/callers/sipp-caller.ts";
import { longestSilence, scoreOf } from "../../sandbox/calls/heard.ts";
import { likeness } from "../../sandbox/calls/likeness.ts";
import { checkout } from "../../sandbox/root.ts";
import type { SeenEvent } from "../../sandbox/start/event-log.ts";
import { samplesOfWav } from "../../service/agent/audio/wav.ts";
import { GREETING } from "../../service/agent/conversations/greeting.ts";
import type { SandboxStack } from "../sandbox/sandbox-stack.ts";
import type { Person } from "./person.ts";
import type { Question } from "./seen.ts";
import type { CallFacts, TestCall } from "./test-calls.ts";

/** What the caller does in each test call. */
interface Script {
  /** The last digits of the number it calls from: each call is known by them. */
  ending: string;
  toneHz: number;
  /** Pressed when it has been greeted. `**` is the key `*` itself: one alone begins a command. */
  keys: string;
  /** How long it stays at most, ms after the answer. */
  holdMs: number;
  bye: "caller" | "callee";
}

const SCRIPTS: Record<TestCall["id"], Script> = {
  talk: { ending: "701", toneHz: 1_234, keys: "0**#", holdMs: 14_000, bye: "caller" },
  "agent-hangs-up": { ending: "702", toneHz: 1_334, keys: "*0", holdMs: 30_000, bye: "callee" },
  transfer: { ending: "703", toneHz: 1_434, keys: "*1", holdMs: 30_000, bye: "callee" },
  fallback: { ending: "704", toneHz: 1_534, keys: "", holdMs: 40_000, bye: "callee" },
};

const CALLER = "+49151123456";
const RING_MS = 30_000;
const CODEC = "PCMA";
/** The German ringing tone has pauses of 4 s, hold music of less than one. */
const LONGEST_SILENCE_MS = 4_500;
const WINDOW_MS = 100;
const NEAR_HZ = 15;
/** What the sandbox's stack, which declares no voice, plays. */
const APOLOGY = checkout("service/middleware/speech/phrases/apology.en.wav");
/** Of two recordings of the same words; the other shipped phrases come to 0.65 at most. */
const LIKE = 0.85;
const SAMPLES_A_MS = 8;

/** A SIP caller with a voice, keys and ears: it does what a person would be told to, and answers by what it has heard. */
export class Robot implements Person {
  readonly canOverlap = true;
  readonly patience = { comesMs: 30_000, lastsMs: 90_000 };
  readonly #stack: SandboxStack;
  readonly #calls = new Map<TestCall["id"], Promise<CallerReport>>();

  constructor(stack: SandboxStack) {
    this.#stack = stack;
  }

  async begin({ id }: TestCall, { number }: CallFacts): Promise<{ from: string }> {
    const { ending, toneHz, keys, holdMs, bye } = SCRIPTS[id];
    const { supervisor, servers, events } = this.#stack;
    const stopListening = { now: () => {} };
    const report = placeCall(supervisor, {
      target: servers.jambonz.sipAddress,
      from: CALLER + ending,
      to: number,
      toneHz,
      folder: join(supervisor.folder, "callers"),
      holdMs,
      bye,
      timeoutMs: RING_MS,
      codec: CODEC,
      onPhone: (phone) => {
        stopListening.now = events.onEvent(whenGreeted(ending, phone, keys));
      },
    }).finally(() => stopListening.now());
    // Whoever asks for the report learns of an error; nobody may ask.
    report.catch(() => {});
    this.#calls.set(id, report);
    return { from: CALLER + ending };
  }

  async answer({ id }: TestCall, question: { id: Question }): Promise<boolean> {
    return EARS[question.id](await this.#report(id));
  }

  /** The one that the answer names, if audio has come. */
  async codec({ id }: TestCall): Promise<string | undefined> {
    const { heard, audio } = await this.#report(id);
    return heard.length > 0 ? audio?.codecs.at(0) : undefined;
  }

  async stopAgent(): Promise<boolean> {
    await this.#stack.stopAgent();
    return true;
  }

  startAgent(): Promise<void> {
    return this.#stack.startAgent();
  }

  #report(id: TestCall["id"]): Promise<CallerReport> {
    return this.#calls.get(id) ?? Promise.reject(new Error(`the test call "${id}" was never begun`));
  }
}

/** Presses the keys once the agent has greeted the caller whose number ends so. */
function whenGreeted(ending: string, phone: Phone, keys: string): (event: SeenEvent) => void {
  let callId: string | undefined;
  return ({ event, callId: id, fields }) => {
    if (event === "webhook.received" && String(fields.caller).endsWith(ending)) callId = id;
    if (event === "greeting.finished" && id !== undefined && id === callId) phone.press(keys);
  };
}

/** What somebody would say who has heard this. */
const EARS: Record<Question, (caller: CallerReport) => boolean> = {
  greetingWhole: ({ heard }) =>
    GREETING.every(({ hz, ms }) => {
      const tones = heard.filter((tone) => Math.abs(tone.hz - hz) <= NEAR_HZ);
      return tones.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0) >= ms - WINDOW_MS;
    }),
  keysAnswered: ({ heardKeys, endedBy }) => heardKeys === "0*#" && endedBy === "caller",
  lineEnded: ({ endedBy }) => endedBy === "callee",
  transferHeard: (caller) => scoreOf(caller).includes("operator"),
  fallbackHeard: (caller) => {
    const [heard, apology] = [caller.recordings.heard, APOLOGY].map((file) => samplesOfWav(readFileSync(file)));
    if (heard === undefined || apology === undefined || likeness(heard, apology) < LIKE) return false;
    const begunMs = (heard.length - apology.length) / SAMPLES_A_MS;
    return longestSilence(caller, caller.heard[0]?.fromMs ?? 0, begunMs) <= LONGEST_SILENCE_MS;
  },
};
