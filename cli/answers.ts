import type { z } from "zod";
import { AnswerError, type Answered, jsonOf } from "../contract/outgoing/index.ts";
import { CliError } from "./errors.ts";

/**
 * The JSON of an answer, checked at the border.
 * @param expected in words: `a list of calls`. @param hint what to check when it is something else
 * @throws CliError ANSWER_INVALID
 */
export function answerOf<T>(answered: Answered, schema: z.ZodType<T>, expected: string, hint: string): T {
  try {
    return jsonOf(answered, schema, expected);
  } catch (error) {
    throw answerError(error, hint);
  }
}

/** An invalid answer in a command's words; every other error as it is. */
export function answerError(error: unknown, hint: string): unknown {
  if (!(error instanceof AnswerError)) return error;
  return new CliError(error.code, error.message.replace(`${error.code}: `, ""), hint);
}
