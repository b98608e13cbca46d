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
/** Of any script, raised and circled ones too. */
const DIGIT_CLASSES = "\\p{Nd}\\p{No}";
const DIGIT = `[${DIGIT_CLASSES}]`;
/** What people and hostile callers put between the digits of a number: blanks, brackets, dashes, invisible marks. */
const BETWEEN = "\\s\\p{Zs}\\p{Cf}\\p{Pd}()/\\u2212+";
const GAP = `[${BETWEEN}]{0,4}`;
/** Where a plus or a scheme says that a number follows, any sign may be between its digits, but those between cells, addresses and values. */
const WIDE = '(?![|"`<>{}@])[\\s\\p{Zs}\\p{Cf}\\p{P}\\p{S}]';
const WIDE_GAP = `(?:${WIDE}){0,4}`;
/** With dots alone, as France (`06.12.34.56.78`) and North America (`212.555.2368`) write them; versions have fewer digits. */
const DOTTED = `(?<![.\\p{Nd}])(?:0${DIGIT}{1,4}(?:\\.${DIGIT}{2,4}){2,5}|(?:1\\.)?${DIGIT}{3}\\.${DIGIT}{3}\\.${DIGIT}{4})(?![.\\p{Nd}])`;

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

/** Five digits or more behind a plus or a scheme; else seven or more, as `+49 30/123-4567` or run together, or with dots in the ways that people write. */
const NUMBER_LIKE = new RegExp(
  `(?<!\\p{Nd})(?:(${KEPT})|(?:\\+|\\uff0b|tel:|sip_)${GAP}${DIGIT}(?:${WIDE_GAP}${DIGIT}){4,}|${DOTTED}|${DIGIT}(?:${GAP}${DIGIT}){6,})`,
  "gu",
);

/** Masks what a URL, a page or JSON has encoded (`%2B49%20171`, `&#43;49`, `\\u002b49`) as it is meant. A text without a number in it keeps its encoding. */
function decodingFirst(maskAll: (text: string) => string): (text: string) => string {
  return (text) => {
    if (!/[%&\\]/.test(text)) return maskAll(text);
    // An entity in a URL is encoded twice.
    const plain = decodedOnce(decodedOnce(text));
    const masked = maskAll(plain);
    return masked === plain ? text : masked;
  };
}

function decodedOnce(text: string): string {
  return text.replaceAll(ENCODED_AGAIN, "%").replaceAll(ENCODED, (found) => {
    const character = decoded(found);
    return NUMBER_CHARACTER.test(character) ? character : found;
  });
}

/** `%252B` is a `%2B` that was encoded once more. */
const ENCODED_AGAIN = /%(?:25){1,4}(?=[0-9a-f]{2})/gi;
/** One character: in UTF-8, percent-encoded; an HTML entity; an escape of JSON. */
const ENCODED =
  /%[0-7][0-9a-f]|%[cd][0-9a-f]%[89ab][0-9a-f]|%e[0-9a-f](?:%[89ab][0-9a-f]){2}|%f[0-4](?:%[89ab][0-9a-f]){3}|&(?:#\d{1,7}|#x[0-9a-f]{1,6}|nbsp|plus|shy|thinsp|ensp|emsp|ndash|mdash|zwj|zwnj|lpar|rpar|sol|period);|\\u[0-9a-f]{4}/gi;
/** What the entities with a name stand for: a plus, or something between digits. */
const NAMED_ENTITY = /^&[a-z]/i;
const NUMBER_CHARACTER = new RegExp(`^(?:[\\uff0b+${DIGIT_CLASSES}]|${WIDE})$`, "u");

function decoded(text: string): string {
  if (NAMED_ENTITY.test(text)) return /^&plus;$/i.test(text) ? "+" : " ";
  const [, decimal, hex] = /^&#(\d+);$|^(?:&#x|\\u)([0-9a-f]+);?$/i.exec(text) ?? [];
  if (decimal ?? hex) return character(Number.parseInt(decimal ?? hex ?? "", decimal ? 10 : 16), text);
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function character(code: number, text: string): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : text;
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
