import type { Listener, Speech } from "../speech/speech.ts";
import { decline, dialElsewhere, hangUp, type Verb } from "./verbs.ts";

/** What a caller gets whose call cannot reach the agent: an apology, somebody else, or a status that lets the carrier reroute. */
export type FallbackKind =
  | { readonly kind: "say" }
  | { readonly kind: "dial"; readonly number: string }
  | { readonly kind: "decline"; readonly status: number };

export interface FallbackSettings extends ApologySettings {
  readonly fallback: FallbackKind;
  /** The number to present by the carrier that is called over, `*` for any other. */
  readonly callerIds: ReadonlyMap<string, string>;
}

export interface ApologySettings {
  readonly speech: Speech;
  /** A caller who was not answered yet is not answered for the apology. */
  readonly unansweredApology: boolean;
}

/** What is presented on calls over this carrier; undefined = the caller's own number. */
export function callerIdOver(carrier: string | undefined, { callerIds }: Pick<FallbackSettings, "callerIds">) {
  return callerIds.get(carrier ?? "*") ?? callerIds.get("*");
}

/** Who gets an apology. */
interface Apologised extends Omit<Listener, "early"> {
  /** An answered call cannot be declined any more: its caller gets the apology instead. */
  readonly answered: boolean;
}

/** Where in a call the fallback is given. */
export interface FallbackMoment extends Apologised {
  /** The carrier the call came in on: it also takes the call to somebody else. */
  readonly carrier?: string | undefined;
  /** Whether somebody else may be dialled: only where jambonz tells how that went. */
  readonly mayDial: boolean;
}

/** The declared fallback as verbs; never empty, so that no call ends by running out of them. */
export function fallbackVerbs(settings: FallbackSettings, moment: FallbackMoment): Verb[] {
  const { fallback } = settings;
  const { answered, carrier, mayDial, hooks } = moment;
  if (fallback.kind === "dial" && mayDial) {
    const callerId = callerIdOver(carrier, settings);
    return [dialElsewhere(fallback.number, { actionHook: hooks.fallbackDone, carrier, callerId })];
  }
  if (fallback.kind === "decline" && !answered) return decline(fallback.status, "Agent unavailable");
  return apologise(settings, moment);
}

/** Says it and hangs up. */
export function apologise(settings: ApologySettings, to: Apologised): Verb[] {
  const early = isEarly(settings, to);
  return [...settings.speech.verbs("apology", { ...to, early }), ...endAfterApology(early)];
}

/** The same where jambonz could not fetch the apology. */
export function apologiseWithoutFile(settings: ApologySettings, to: Apologised): Verb[] {
  const early = isEarly(settings, to);
  return [...settings.speech.withoutFile("apology", { ...to, early }), ...endAfterApology(early)];
}

function isEarly({ unansweredApology }: ApologySettings, { answered }: Apologised): boolean {
  return unansweredApology && !answered;
}

/** A hang-up is skipped where the call was never answered, and a decline where it was (jambonz-live, section 10; read: lib/tasks/hangup.js). */
function endAfterApology(early: boolean): Verb[] {
  return early ? [...decline(480, "Agent unavailable"), ...hangUp()] : hangUp();
}
