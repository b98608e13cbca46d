const IS_NORMALIZED = /^\+\d+$/;
const LOOKS_LIKE_A_NUMBER = /^\+?[\d\- ()]+$/;

/**
 * The form in which LiveKit compares numbers on trunks: without spaces, hyphens and brackets, with a `+` in front
 * (livekit protocol, NormalizeNumber). Whatever has another character in it stays as it is, and so does "".
 */
export function normalizeNumber(number: string): string {
  if (IS_NORMALIZED.test(number)) return number; // most are, and long lists have many
  if (!LOOKS_LIKE_A_NUMBER.test(number)) return number;
  const digits = number.replace(/[- ()]/g, "");
  return digits.startsWith("+") ? digits : `+${digits}`;
}

/** Whether a trunk's list has the number, in whatever spelling. An empty list has every number. */
export function allowsNumber(list: readonly string[], number: string): boolean {
  if (list.length === 0) return true;
  const wanted = normalizeNumber(number);
  return list.some((entry) => normalizeNumber(entry) === wanted);
}

/** A number that is in none of the lists, in whatever spelling. */
export function freshNumber(used: ReadonlySet<string>, start = 493_055_501_000): string {
  let number = start;
  while (used.has(`+${number}`)) number++;
  return `+${number}`;
}
