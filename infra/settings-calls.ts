import { comparableNumber, refusalOf } from "@trunkline/contract";
import { phoneNumber } from "@trunkline/providers";
import { z } from "zod";

const EVENTS_SECRET = "CALL_EVENTS_SECRET";

/** The part of the stack configuration that is about calls which cannot reach the agent, and about transfers. */
export const callSettings = {
  fallback: z
    .string()
    .regex(/^(say|dial:\+[1-9]\d+|decline:[4-6]\d\d)$/, "is neither say nor dial:+NUMBER nor decline:STATUS")
    .default("say"),
  /** Left out: the middleware's own. */
  fallbackText: z.string().min(1, "is empty").max(500, "is over 500 characters").optional(),
  /** The only numbers that transfers and the fallback may dial. */
  allowedTargets: z.array(phoneNumber).default([]),
  maxConcurrentCalls: z.number().int().min(1).max(10_000).default(200),
  /** Rooms whose agent waits for a call to come, of each web dyno. */
  standbyRooms: z.number().int().min(0).max(20).default(0),
  /** Where each ended call is sent, signed with serviceSecrets.middleware.CALL_EVENTS_SECRET; left out: nowhere. */
  callEvents: z.strictObject({ url: z.url({ protocol: /^https?$/, error: "must start with https://" }) }).optional(),
};

/** The middleware's variables for them. */
export function callVariables(settings: z.output<z.ZodObject<typeof callSettings>>): Record<string, string> {
  const { fallback, fallbackText, allowedTargets, maxConcurrentCalls, standbyRooms, callEvents } = settings;
  return {
    FALLBACK: fallback,
    ...(fallbackText !== undefined && { FALLBACK_TEXT: fallbackText }),
    ALLOWED_TARGETS: allowedTargets.join(","),
    MAX_CONCURRENT_CALLS: String(maxConcurrentCalls),
    STANDBY_ROOMS: String(standbyRooms),
    ...(callEvents && { CALL_EVENTS_URL: callEvents.url }),
  };
}

interface AllSettings {
  fallback: string;
  allowedTargets: string[];
  callEvents?: { url: string } | undefined;
  heroku?: object | undefined;
  serviceSecrets?: { middleware: Readonly<Record<string, string>> };
}

/** What no single setting shows: premium, satellite, emergency and short numbers are never dialled, and stop the services. */
export function callProblems({ fallback, allowedTargets, callEvents, heroku, serviceSecrets }: AllSettings): string[] {
  const [kind, number = ""] = fallback.split(":");
  return [
    ...allowedTargets.flatMap((target) => neverDialled("allowedTargets", target)),
    ...(kind === "dial" ? neverDialled("fallback", number) : []),
    ...(kind === "dial" && !allowedTargets.some((target) => isSame(target, number))
      ? ["fallback: its number is not in allowedTargets"]
      : []),
    ...(callEvents && heroku && !serviceSecrets?.middleware[EVENTS_SECRET]
      ? [`callEvents: nothing signs it: pulumi config set --secret --path serviceSecrets.middleware.${EVENTS_SECRET}`]
      : []),
  ];
}

function isSame(one: string, other: string): boolean {
  return comparableNumber(one) === comparableNumber(other);
}

function neverDialled(setting: string, number: string): string[] {
  const why = refusalOf(number, [number]);
  return why === undefined ? [] : [`${setting}: ${number} is never dialled: ${why}`];
}
