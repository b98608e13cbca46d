import { maskNumber } from "./mask.ts";

/** What must not leave the house. */
export interface Confidential {
  /** Passwords, keys, tokens. */
  secrets: Iterable<string>;
  /** Phone numbers in any spelling; others are found by their form. */
  numbers: Iterable<string>;
}

export const HIDDEN = "[hidden]";
/** Shorter texts are words of the ticket itself. */
const SHORTEST_SECRET = 4;
/** As many digits as tell a subscriber; the rest (country, trunk prefix) is written in many ways. */
const CORE_DIGITS = 7;
const SHORTEST_NUMBER = 5;
/** Of any script. */
const DIGIT = "\\p{Nd}";
/** What people and hostile callers put between the digits of a number: blanks, brackets, dashes, invisible marks. */
const BETWEEN = "\\s\\p{Zs}\\p{Cf}\\p{Pd}()/\\u2212+";
const GAP = `[${BETWEEN}]{0,4}`;
/** Where a plus or a scheme says that a number follows, dots and the like are between its digits, too. */
const WIDE = `${BETWEEN}._~*#,;:'\\u00b7`;
const WIDE_GAP = `[${WIDE}]{0,4}`;

/** A text without any known secret, in whatever spelling, and with at most the last three digits of any phone number. */
export function redactor({ secrets, numbers }: Confidential): (text: string) => string {
  const hide = secretPattern(secrets);
  const known = maskKnown(numbers);
  const redact = decodingFirst((text) => maskIn(known(text)));
  return (text) => redact(hide ? text.replaceAll(hide, HIDDEN) : text);
}

/** A text with at most the last three digits of whatever looks like a phone number in it. */
export const maskNumbers: (text: string) => string = decodingFirst(maskIn);

function maskIn(text: string): string {
  return text.replaceAll(NUMBER_LIKE, (found, kept: string | undefined) => kept ?? maskNumber(found));
}

/** Digits that are no phone number: times, IPv4 addresses, UUIDs, hashes. */
const KEPT = [
  "\\d{4}-\\d\\d-\\d\\d(?:[T ]\\d\\d:\\d\\d(?::\\d\\d(?:\\.\\d{1,3})?)?Z?)?",
  `${octet(3)}(?::\\d{1,5}|/\\d{1,2})?(?![\\d.])`,
  "(?<![\\d:])\\d\\d:\\d\\d(?::\\d\\d(?:\\.\\d{1,6})?)?Z?(?![\\d:])",
  "(?<![0-9a-f])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9a-f])",
  "(?<![0-9a-f])(?=[0-9]*[a-f])[0-9a-f]{32,}(?![0-9a-f])",
].join("|");

/** Five digits or more behind a plus or a scheme; else seven or more, as `+49 30/123-4567` or run together. Dots alone are no gap: versions have them. */
const NUMBER_LIKE = new RegExp(
  `(?<!\\p{Nd})(?:(${KEPT})|(?:\\+|\\uff0b|tel:|sip_)${GAP}${DIGIT}(?:${WIDE_GAP}${DIGIT}){4,}|${DIGIT}(?:${GAP}${DIGIT}){6,})`,
  "gu",
);

/** Masks what a URL has encoded (`%2B49%20171`) as it is meant. A text without a number in it keeps its encoding. */
function decodingFirst(maskAll: (text: string) => string): (text: string) => string {
  return (text) => {
    if (!text.includes("%")) return maskAll(text);
    const plain = text.replaceAll(ENCODED, (found) => {
      const character = decoded(found);
      return NUMBER_CHARACTER.test(character) ? character : found;
    });
    const masked = maskAll(plain);
    return masked === plain ? text : masked;
  };
}

/** One character in UTF-8, percent-encoded. */
const ENCODED =
  /%[0-7][0-9a-f]|%[cd][0-9a-f]%[89ab][0-9a-f]|%e[0-9a-f](?:%[89ab][0-9a-f]){2}|%f[0-4](?:%[89ab][0-9a-f]){3}/gi;
const NUMBER_CHARACTER = new RegExp(`^[\\uff0b${DIGIT}${WIDE}]$`, "u");

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function octet(more: number): string {
  const one = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
  return `(?<![\\d.])${one}(?:\\.${one}){${more}}`;
}

function secretPattern(secrets: Iterable<string>): RegExp | undefined {
  const long = [...secrets].filter((secret) => secret.trim().length >= SHORTEST_SECRET);
  return anyOf(long.flatMap(spellings).map(escaped));
}

/** As written, in JSON, in a URL, and in base64 at each of the three offsets it can have inside a longer text. */
function spellings(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const base64 = [0, 1, 2].flatMap((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString("base64")
      .replace(/={1,2}$/, "");
    // Characters at both ends that neighbours have part in.
    const inner = text.slice(shift === 0 ? 0 : shift + 1, (shift + bytes.length) % 3 === 0 ? undefined : -1);
    return [inner, inner.replaceAll("+", "-").replaceAll("/", "_")];
  });
  const plain = [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(wellFormed(secret))];
  return [...new Set([...plain, ...base64])].filter((text) => text.length >= SHORTEST_SECRET);
}

function wellFormed(text: string): string {
  return text.toWellFormed();
}

/** Any digits that may be a number, however they are written. */
const DIGITS = new RegExp(`${DIGIT}(?:${WIDE_GAP}${DIGIT}){${SHORTEST_NUMBER - 1},}`, "gu");

/** Masks digits among which are the last ones of a known number. */
function maskKnown(numbers: Iterable<string>): (text: string) => string {
  const cores = [...numbers]
    .map((number) => number.replaceAll(/\D/g, ""))
    .filter((digits) => digits.length >= SHORTEST_NUMBER)
    .map((digits) => digits.slice(-CORE_DIGITS));
  const isKnown = (digits: string) => cores.some((core) => digits.includes(core));
  return (text) =>
    text.replaceAll(DIGITS, (found) =>
      isKnown(found.normalize("NFKC").replaceAll(/\D/g, "")) ? maskNumber(found) : found,
    );
}

/** The longest first: one may be the beginning of another. */
function anyOf(patterns: string[]): RegExp | undefined {
  if (patterns.length === 0) return undefined;
  return new RegExp([...new Set(patterns)].sort((a, b) => b.length - a.length).join("|"), "g");
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}
