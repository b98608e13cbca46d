import { comparableNumber, toE164 } from "@trunkline/contract";
import { looseJson } from "@trunkline/contract/outgoing";
import { z } from "zod";

/** What is done with a call to a number that is not declared: the fallback, or the agent as for any other. */
export const unknownNumbersSchema = z.enum(["fallback", "agent"]);

/** The declared numbers, as jambonz takes them: a number, digits that end in `*`, or a regular expression. */
export const calledNumbersSchema = z.string().transform((text, context): string[] => {
  const numbers = z.array(z.string().min(1)).safeParse(looseJson(text));
  const broken = numbers.data?.find((text) => isPattern(text, undefined) && isExpression(text) && !isRegExp(text));
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
  const [patterns, exact] = [true, false].map((is) => declared.filter((each) => isPattern(each, country) === is));
  const numbers = new Set(exact?.map((each) => comparableNumber(each, country)));
  const expressions = patterns?.map(expressionOf) ?? [];
  return (called) => {
    const number = comparableNumber(called, country);
    // jambonz compares patterns with what the carrier sends, which may be `0049…` or `030…`.
    const spellings = [number, called].map((text) => text.replace(/^\+/, ""));
    return numbers.has(number) || expressions.some((expression) => spellings.some((digits) => expression.test(digits)));
  };
}

/** Digits that end in `*`, or a regular expression. The brackets of `+49 (0)30 …` make no expression of a number. */
function isPattern(text: string, country: string | undefined): boolean {
  return text.endsWith("*") || (isExpression(text) && !isBracketedNumber(text, country));
}

function isBracketedNumber(text: string, country: string | undefined): boolean {
  return /^[+\d\s()/.-]+$/.test(text) && toE164(text, country) !== undefined;
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
