import { comparableNumber } from "@trunkline/contract";
import { looseJson } from "@trunkline/contract/outgoing";
import { z } from "zod";

/** What is done with a call to a number that is not declared: the fallback, or the agent as for any other. */
export const unknownNumbersSchema = z.enum(["fallback", "agent"]);

/** The declared numbers, as jambonz takes them: a number, digits that end in `*`, or a regular expression. */
export const calledNumbersSchema = z.string().transform((text, context): string[] => {
  const numbers = z.array(z.string().min(1)).safeParse(looseJson(text));
  const broken = numbers.data?.find((number) => isExpression(number) && !isRegExp(number));
  if (numbers.success && broken === undefined) return numbers.data;
  context.addIssue({
    code: "custom",
    message: 'must be JSON like ["+4930123456", "4940*"], numbers or patterns as jambonz has them',
  });
  return z.NEVER;
});

/** Whether a call is to a declared number. */
export type IsDeclared = (called: string) => boolean;

/**
 * jambonz gives calls to any other number of a carrier to the carrier's application, which is the same one (seen: jambonz-live, section 8).
 * @param declared numbers, patterns and registration user names, which some carriers send instead of the number; undefined = all numbers
 */
export function declaredNumbers(declared: readonly string[] | undefined, country: string | undefined): IsDeclared {
  if (declared === undefined) return () => true;
  const exact = new Set(declared.filter((each) => !isPattern(each)).map((each) => comparableNumber(each, country)));
  const patterns = declared.filter(isPattern).map(expressionOf);
  return (called) => {
    const number = comparableNumber(called, country);
    const digits = number.replace(/^\+/, "");
    return exact.has(number) || patterns.some((pattern) => pattern.test(digits));
  };
}

function isPattern(text: string): boolean {
  return text.endsWith("*") || isExpression(text);
}

function isExpression(text: string): boolean {
  return /[[\]^$\\|(){}]/.test(text);
}

/** Wildcards are prefixes; expressions find their part anywhere, as in jambonz (REGEXP of its database). */
function expressionOf(pattern: string): RegExp {
  return isExpression(pattern) ? new RegExp(pattern) : new RegExp(`^${pattern.replaceAll(/\D/g, "")}`);
}

function isRegExp(text: string): boolean {
  try {
    return Boolean(new RegExp(text));
  } catch {
    return false;
  }
}
