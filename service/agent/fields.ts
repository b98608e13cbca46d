import { z } from "zod";

/** Fields of the environment, with problems that say what to set. */
export const required = (what: string) => z.string(`is missing: ${what}`).min(1, `is empty: ${what}`);

export const whole = (from: number, to: number) => {
  const problem = `must be a whole number from ${from} to ${to}`;
  return z.coerce.number(problem).int(problem).min(from, problem).max(to, problem);
};

export const httpUrl = z.string().regex(/^https?:\/\/[^\s/]+/, "must start with https:// or http://");
