import { maskNumber } from "../../service/shared/index.ts";

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
/** Between the digits of a number, as people write it and as URLs do. */
const GAP = gap("[\\s()/.\\u2010-\\u2015-]");

/** A text without any known secret, in whatever spelling, and with at most the last three digits of any phone number. */
export function redactor({ secrets, numbers }: Confidential): (text: string) => string {
  const hide = secretPattern(secrets);
  const known = numberPattern(numbers);
  return (text) => {
    const hidden = hide ? text.replaceAll(hide, HIDDEN) : text;
    const masked = known ? hidden.replaceAll(known, mask) : hidden;
    return masked.replaceAll(NUMBER_LIKE, (found, kept: string | undefined) => kept ?? mask(found));
  };
}

/** Digits that are no phone number: times, IPv4 addresses, UUIDs, hashes. */
const KEPT = [
  "\\d{4}-\\d\\d-\\d\\d(?:[T ]\\d\\d:\\d\\d(?::\\d\\d(?:\\.\\d{1,3})?)?Z?)?",
  `${octet(3)}(?::\\d{1,5}|/\\d{1,2})?(?![\\d.])`,
  "(?<![0-9a-f])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9a-f])",
  "(?<![0-9a-f])(?=[0-9]*[a-f])[0-9a-f]{32,}(?![0-9a-f])",
].join("|");

/** Seven digits or more, as `+49 30/123-4567` or run together. Dots are no gap here: versions have them. */
const NUMBER_LIKE = new RegExp(`(?<!\\d)(${KEPT})|\\+?\\d(?:${gap("[ ()/\\u2010-\\u2015-]")}\\d){6,}`, "g");

/** The digits of an encoded blank are none of the number's. */
function mask(found: string): string {
  return maskNumber(found.replaceAll(/%2[0-9A-F]/gi, decodeURIComponent));
}

function gap(characters: string): string {
  return `(?:${characters}|\\+|%2[0-9A-Fa-f]){0,2}`;
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
      .replace(/=+$/, "");
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

/** The last digits of each number, with what comes before them as far as it is a number. */
function numberPattern(numbers: Iterable<string>): RegExp | undefined {
  const cores = [...numbers]
    .map((number) => number.replaceAll(/\D/g, ""))
    .filter((digits) => digits.length >= SHORTEST_NUMBER);
  const core = anyOf(cores.map((digits) => [...digits.slice(-CORE_DIGITS)].join(GAP)));
  return core && new RegExp(`\\+?(?:\\d${GAP}){0,15}?(?:${core.source})`, "g");
}

/** The longest first: one may be the beginning of another. */
function anyOf(patterns: string[]): RegExp | undefined {
  if (patterns.length === 0) return undefined;
  return new RegExp([...new Set(patterns)].sort((a, b) => b.length - a.length).join("|"), "g");
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}
