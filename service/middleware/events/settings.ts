import { isReadableOnItsWay, READABLE_ON_ITS_WAY } from "@trunkline/contract";
import { z } from "zod";

const SHORTEST_SECRET = 16;

/** The variables of the webhook at each call's end; part of the configuration's schema. */
export const eventVariables = {
  /** Where each ended call is sent; unset = nowhere. */
  CALL_EVENTS_URL: z
    .url({ protocol: /^https?$/, error: "must be an https:// URL", abort: true })
    .refine((url) => !isReadableOnItsWay(url), READABLE_ON_ITS_WAY)
    .refine((url) => !hasCredentials(url), "has a user name or password in it: the signature shows who sends")
    .optional(),
  /** What the webhook is signed with. */
  CALL_EVENTS_SECRET: z.string().min(SHORTEST_SECRET, `has less than ${SHORTEST_SECRET} characters`).optional(),
};

export interface EventSettings {
  readonly url: string;
  readonly secret: string;
}

/** Undefined: nobody is told. */
export function eventSettings({
  CALL_EVENTS_URL: url,
  CALL_EVENTS_SECRET: secret,
}: z.infer<z.ZodObject<typeof eventVariables>>): EventSettings | undefined {
  return url !== undefined && secret !== undefined ? { url, secret } : undefined;
}

/** An address without a secret would send what anybody can forge. A secret alone sends nothing. */
export function eventProblems({ CALL_EVENTS_URL: url, CALL_EVENTS_SECRET: secret }: NodeJS.ProcessEnv): string[] {
  return url && !secret ? ["CALL_EVENTS_SECRET: is not set, but CALL_EVENTS_URL is: it signs what is sent"] : [];
}

function hasCredentials(text: string): boolean {
  const { username, password } = new URL(text);
  return username !== "" || password !== "";
}
