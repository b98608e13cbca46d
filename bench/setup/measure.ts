import type { PlacedCall } from "../../sandbox/calls/system.ts";

/** One call, in ms; NaN where it did not come so far. */
export interface Setup {
  /** Answered, and the greeting was heard. */
  ok: boolean;
  /** From the caller's INVITE to the 200 that the caller gets. */
  answeredMs: number;
  /** From the INVITE that LiveKit gets to its 200; NaN in `callback`, where LiveKit sends it. */
  livekitMs: number;
  /** From the caller's INVITE, on which Jambonz sends its webhook, to the agent's first sound at the caller. */
  greetedMs: number;
  /** For whoever looks for the cause of a failure. */
  seen: string;
}

/** @param greetedMs since the caller's INVITE. */
export function setupOf({ caller, events }: PlacedCall, greetedMs: number): Setup {
  const at = (name: string) => caller.timeline.find(({ event }) => event === name)?.at ?? Number.NaN;
  const answeredMs = at("answered") - at("invite");
  return {
    ok: caller.answered && !Number.isNaN(greetedMs),
    answeredMs,
    livekitMs: livekitMs(events) ?? answeredMs,
    greetedMs,
    seen: [caller.finalStatus, caller.reason].filter(Boolean).join(" "),
  };
}

/** Of the leg between Jambonz and LiveKit; undefined where there is none, for the caller has called LiveKit itself. */
function livekitMs(events: PlacedCall["events"]): number | undefined {
  const ofJambonz = (name: string) => events.find(({ source, event }) => source === "jambonz" && event === name);
  const invite = ofJambonz("leg.invite");
  if (!invite) return undefined;
  const isSent = invite.fields.legCallSid !== undefined;
  return isSent ? (ofJambonz("leg.answered")?.at ?? Number.NaN) - invite.at : Number.NaN;
}
