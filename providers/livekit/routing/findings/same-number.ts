import { normalizeNumber } from "../numbers.ts";

/** The form in which people, not LiveKit, compare a number. */
export type Comparable = (text: string) => string;

/**
 * Which of the numbers are among others, as people read them: `0049 30 123456` is `+4930123456`, which LiveKit does not see. The plans of all
 * countries are only asked about those that end alike.
 */
export function among(numbers: Iterable<string>, others: Iterable<string>, comparable: Comparable): string[] {
  const byEnd = Map.groupBy(others, endOf);
  const isSame = (one: string, other: string) =>
    normalizeNumber(one) === normalizeNumber(other) || comparable(one) === comparable(other);
  return [...numbers].filter((number) => byEnd.get(endOf(number))?.some((other) => isSame(number, other)));
}

/** The shortest subscriber numbers have four digits (Niue, Tokelau). */
const END = 4;

/** Of addresses, the end of the number in them. */
function endOf(text: string): string {
  return text
    .replace(/[;?@].*$/s, "")
    .replaceAll(/\D/g, "")
    .slice(-END);
}
