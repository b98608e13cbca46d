import { isReadableOnItsWay, READABLE_ON_ITS_WAY } from "@trunkline/contract";
import { z } from "zod";

/** Fields of the environment, with problems that say what to set. */
export const required = (what: string) => z.string(`is missing: ${what}`).min(1, `is empty: ${what}`);

export const whole = (from: number, to: number) => {
  const problem = `must be a whole number from ${from} to ${to}`;
  return z.coerce.number(problem).int(problem).min(from, problem).max(to, problem);
};

/** Keys, and what callers say, go there. */
const address = (url: z.ZodString) => url.refine((text) => !isReadableOnItsWay(text), READABLE_ON_ITS_WAY);

export const httpUrl = address(z.string().regex(/^https?:\/\/[^\s/]+/, "must start with https://"));

export const livekitUrl = address(
  z
    .string("is missing: the LiveKit project's address, wss://…")
    .regex(/^(wss?|https?):\/\/[^\s/]+/, "must start with wss:// or https://"),
);
