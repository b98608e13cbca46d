import { comparableNumber, readNumber, userPart } from "@trunkline/contract";

/** The number in what people write into lists: addresses, other blanks, invisible characters. */
export function plainNumber(text: string): string {
  return userPart(text.replaceAll(/[\p{Cf}\p{Zs}]/gu, " "));
}

/** Numbers in the form in which people compare them, of those that are theirs; the first that has a country code says how the others are read. */
export function comparableIn(numbers: Iterable<string>): (text: string) => string {
  let home: { country: string | undefined } | undefined;
  return (text) => {
    home ??= { country: countryOf(numbers) };
    return comparableNumber(plainNumber(text), home.country);
  };
}

function countryOf(numbers: Iterable<string>): string | undefined {
  for (const number of numbers) {
    const country = number.startsWith("+") ? readNumber(number)?.country : undefined;
    if (country !== undefined) return country;
  }
  return undefined;
}
