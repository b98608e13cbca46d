import { decline, dialElsewhere, hangUp, say, type Verb } from "./verbs.ts";

/** What a caller gets whose call cannot reach the agent: an apology, somebody else, or a status that lets the carrier reroute. */
export type FallbackKind =
  | { readonly kind: "say" }
  | { readonly kind: "dial"; readonly number: string }
  | { readonly kind: "decline"; readonly status: number };

export interface FallbackSettings {
  readonly fallback: FallbackKind;
  /** Spoken before the hang-up. */
  readonly fallbackText: string;
  /** The number to present by the carrier that is called over, `*` for any other. */
  readonly callerIds: ReadonlyMap<string, string>;
}

/** What is presented on calls over this carrier; undefined = the caller's own number. */
export function callerIdOver(carrier: string | undefined, { callerIds }: Pick<FallbackSettings, "callerIds">) {
  return callerIds.get(carrier ?? "*") ?? callerIds.get("*");
}

/** Where in a call the fallback is given. */
export interface FallbackMoment {
  /** An answered call cannot be declined any more: its caller gets the apology instead. */
  readonly answered: boolean;
  /** The carrier the call came in on: it also takes the call to somebody else. */
  readonly carrier?: string | undefined;
  /** Where jambonz tells how dialling somebody else went; without it nobody is dialled. */
  readonly fallbackDone?: string | undefined;
}

/** The declared fallback as verbs; never empty, so that no call ends by running out of them. */
export function fallbackVerbs(settings: FallbackSettings, { answered, carrier, fallbackDone }: FallbackMoment): Verb[] {
  const { fallback, fallbackText } = settings;
  if (fallback.kind === "dial" && fallbackDone !== undefined) {
    const callerId = callerIdOver(carrier, settings);
    return [dialElsewhere(fallback.number, { actionHook: fallbackDone, carrier, callerId })];
  }
  if (fallback.kind === "decline" && !answered) return decline(fallback.status, "Agent unavailable");
  return apologise(fallbackText);
}

/** Says it and hangs up. */
export function apologise(text: string): Verb[] {
  return [say(text), ...hangUp()];
}
