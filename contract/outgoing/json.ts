import type { z } from "zod";
import { AnswerError } from "./answer-error.ts";
import type { Answered } from "./request.ts";

const MOST_PROBLEMS = 3;
const LONGEST_PATH = 80;

/**
 * The JSON of an answer, checked at the border.
 * @param expected in words, for the error: `a list of applications`
 * @throws AnswerError, naming the fields and never their values
 */
export function jsonOf<T>(answered: Answered, schema: z.ZodType<T>, expected: string): T {
  const result = schema.safeParse(parsed(answered, expected));
  if (result.success) return result.data;
  const problems = result.error.issues.map(
    ({ path, message }) => `${path.join(".").slice(0, LONGEST_PATH) || "body"}: ${message}`,
  );
  throw new AnswerError(answered, expected, `JSON of another shape (${problems.slice(0, MOST_PROBLEMS).join("; ")})`);
}

/** JSON of whatever shape, undefined for a text that is none. */
export function looseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** @throws AnswerError */
function parsed(answered: Answered, expected: string): unknown {
  const value = looseJson(answered.text);
  if (value === undefined) throw new AnswerError(answered, expected, describe(answered.text));
  return value;
}

function describe(text: string): string {
  if (text.trim() === "") return "an empty body";
  return /^\s*<(!doctype|html|\?xml)/i.test(text) ? "an HTML page" : "a text that is not JSON";
}
