import { readFileSync } from "node:fs";
import { join } from "node:path";
import { levelOf } from "../../service/agent/audio/spectrum.ts";
import { samplesOfWav } from "../../service/agent/audio/wav.ts";
import { type Phone, placeCall } from "../callers/sipp-caller.ts";
import type { Supervisor } from "../processes/supervisor.ts";
import { type CallReport, reportCall } from "./call-report.ts";
import type { Conversation } from "./conversation.ts";
import type { EventLog } from "./event-log.ts";
import { chooseTone } from "./tone-choice.ts";

/** Who calls whom in the calls that `npm start` places. */
export const CALLER = "+4915112345678";
export const CALLED = "+493012345678";
/** Long enough for hold music, greeting, and a second of echo. */
const HOLD_MS = 9_000;
/** For greeting, question and answer. */
const MODEL_HOLD_MS = 18_000;
const QUESTION_MS = 1_500;
const LIMIT_MS = 40_000;
/** The services' last log lines may arrive just after the caller has hung up. */
const SETTLE_MS = 700;
const AUDIBLE_DB = -40;

/** Places one call over SIP and RTP and reports what became of it. */
export async function makeCall(
  supervisor: Supervisor,
  target: string,
  flow: string,
  events: EventLog,
  number: number,
  { isModel, greetingHz }: Conversation,
): Promise<CallReport> {
  const toneHz = chooseTone();
  const caller = await placeCall(supervisor, {
    target,
    from: CALLER,
    to: CALLED,
    toneHz,
    folder: join(supervisor.folder, `call-${number}`),
    holdMs: isModel ? MODEL_HOLD_MS : HOLD_MS,
    timeoutMs: LIMIT_MS,
    headers: { "X-Carrier": "Schmidtkom" },
    ...(isModel && { onPhone: (phone: Phone) => void askAfterGreeting(phone, toneHz, events) }),
  });
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  const seen = events.ofCall(caller.sipCallId);
  const greetedAt = seen.find(({ event }) => event === "greeting.started")?.at;
  const invitedAt = caller.timeline.find(({ event }) => event === "invite")?.at ?? 0;
  const isSpokenTo = greetedAt !== undefined && isHeard(caller.recordings.heard, greetedAt - invitedAt);
  return reportCall(caller, seen, flow, greetingHz, isSpokenTo);
}

/** A caller who spoke all the time would not let a model answer. */
async function askAfterGreeting(phone: Phone, toneHz: number, events: EventLog): Promise<void> {
  const since = Date.now();
  phone.say(0);
  await events.waitFor(({ event, at }) => event === "greeting.finished" && at >= since, LIMIT_MS);
  phone.say(toneHz);
  await new Promise((resolve) => setTimeout(resolve, QUESTION_MS));
  phone.say(0);
}

/** Whether anything loud enough to be speech was heard after `fromMs`. */
function isHeard(file: string, fromMs: number): boolean {
  const samples = samplesOfWav(readFileSync(file));
  for (let at = Math.max(0, fromMs) * 8; at < samples.length; at += 800)
    if (levelOf(samples.slice(at, at + 800)) >= AUDIBLE_DB) return true;
  return false;
}
