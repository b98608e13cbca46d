import { MAX_MEDIA_TIMEOUT_SECONDS, MEDIA_TIMEOUT_SECONDS } from "@trunkline/contract";
import { adoptedRule, adoptedTrunk, livekitHost, mediaCodec, phoneNumber } from "@trunkline/providers";
import { z } from "zod";

const trunkId = z.string().regex(/^ST_\w+$/, "is no id of a trunk (ST_…)");
const ruleId = z.string().regex(/^SDR_\w+$/, "is no id of a dispatch rule (SDR_…)");
const flow = z.enum(["callback", "dial"]);

/** What earlier set-ups left behind in LiveKit. Removed by id; patterns only report. */
const legacy = z.strictObject({
  inboundTrunkIds: z.array(trunkId).default([]),
  dispatchRuleIds: z.array(ruleId).default([]),
  /** Names, `*` for anything, of hand-made objects that shall not come back: told as drift. */
  namePatterns: z.array(z.string().min(1, "is empty")).default([]),
  /** Running calls over these trunks are waited for so long. */
  drainSeconds: z.number().int().min(0).max(3_600).default(0),
});

/** What both trunks offer and accept. */
const media = z
  .strictObject({
    /** Added to LiveKit's own (G722, PCMU, PCMA), or instead of them. The order has no effect. */
    codecs: z.array(mediaCodec).default([]),
    /** Nothing but `codecs`. */
    onlyListedCodecs: z.boolean().default(false),
    /** LiveKit ends a call without RTP after so long; its own default of 15 s would end calls on hold. */
    timeoutSeconds: z.number().int().min(0).max(MAX_MEDIA_TIMEOUT_SECONDS).default(MEDIA_TIMEOUT_SECONDS),
  })
  // LiveKit accepts such a trunk, and then fails each of its calls.
  .refine(({ codecs, onlyListedCodecs }) => !onlyListedCodecs || codecs.length > 0, {
    error: "onlyListedCodecs without codecs would refuse every call",
  });

const adopt = z.strictObject({
  inboundTrunk: adoptedTrunk.optional(),
  dispatchRule: adoptedRule.optional(),
});

/** The part of the stack configuration that is about LiveKit's trunks and rules. */
export const livekitSettings = {
  callFlow: flow.default("callback"),
  /** The flow by called number, where it is not callFlow. */
  callFlows: z.record(phoneNumber, flow).default({}),
  media: media.prefault({}),
  legacy: legacy.prefault({}),
  adopt: adopt.prefault({}),
  /** Names of resources that have left the program and are deleted by the next `up`: what takes their place may put them aside. */
  retires: z.array(z.string().min(1)).default([]),
  /** `live` (default): a preview compares with what is live. `declared`: without access to the project, only with itself. */
  routingCheck: z.enum(["live", "declared"]).default("live"),
  /** The LiveKit project this stack was bound to before: a change of livekitUrl needs it, for everything is made anew there. */
  livekitMovedFrom: livekitHost.optional(),
} as const;

/** Whether Jambonz dials LiveKit for any called number. */
export function usesDial(settings: { callFlow: string; callFlows: Record<string, string> }): boolean {
  return settings.callFlow === "dial" || Object.values(settings.callFlows).includes("dial");
}
