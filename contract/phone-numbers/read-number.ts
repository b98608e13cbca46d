import {
  type CountryCode,
  getCountryCallingCode,
  isSupportedCountry,
  type NumberType,
  type PhoneNumber,
  parsePhoneNumberFromString,
} from "libphonenumber-js/max";

/** A telephone number, whatever its spelling was. */
export interface ReadNumber {
  /** `+`, country code, subscriber: the one form in which numbers are compared, written and dialled (ITU-T E.164). */
  readonly e164: string;
  /** ISO 3166-1; undefined for networks without a country (satellite, +800) and ranges that the metadata does not know. */
  readonly country: string | undefined;
  readonly callingCode: string;
  /** Without the country code and the national prefix. */
  readonly national: string;
  /** What kind of number the numbering plan says it is; undefined = a range the metadata does not know. */
  readonly type: NumberType;
}

/** Dialled before a country code in most countries; `011` and others are the library's business. */
const INTERNATIONAL_PREFIX = /^0{2}(?=[1-9])/;
/** `+49 (0)30`: a national prefix that is not dialled after a country code. Italy's 0 is, so it goes only where the number cannot be read with it. */
const BRACKETED_PREFIX = /\(0\)/g;
/** The longest text that can be a number: 15 digits with separators and parameters. Longer ones are an attack or a mistake. */
const LONGEST_TEXT = 128;
/** The sign and 15 digits. */
const LONGEST_E164 = 16;
/** It may hold an address of its own. */
const DISPLAY_NAME = /^\s*"(?:[^"\\]|\\.)*"/s;
/** A display name, an address and its parameters. */
const LONGEST_ADDRESS = 512;
/**
 * Reads a telephone number in any spelling: `+49 (0)30 123456`, `0049…`, `4930123456` and, where the country is declared, `030 123456`.
 * Addresses (`tel:…`, `sip:…@host`) are not numbers: see `userPart`.
 * @param country ISO 3166-1 alpha-2: how numbers without a country code are read. Undefined: they are not.
 * @returns undefined where the text is no number that can exist: short codes, names, letters, too long or too short for its country
 * @example readNumber("030 123456", "DE")?.e164 // "+4930123456"
 */
export function readNumber(text: string, country?: string): ReadNumber | undefined {
  const best = likeliest(possible(text, country));
  return best && named(best);
}

/** Every way in which the text can be read as a number, the likeliest first. */
export function readings(text: string, country?: string): ReadNumber[] {
  return possible(text, country).map(named);
}

function possible(text: string, country: string | undefined): PhoneNumber[] {
  const home = country !== undefined && isSupportedCountry(country) ? country : undefined;
  const spellings = new Set([digitsOf(text), digitsOf(text.replaceAll(BRACKETED_PREFIX, ""))]);
  const found = [...spellings].flatMap((digits) => (digits === undefined ? [] : candidates(digits, home)));
  return found.filter((candidate) => candidate.isPossible() && isOneForm(candidate, spellings));
}

/** Validity costs more than all the rest: a single candidate is not asked for it. */
function likeliest([first, ...others]: PhoneNumber[]): PhoneNumber | undefined {
  if (first === undefined || others.length === 0) return first;
  return [first, ...others].find((candidate) => candidate.isValid()) ?? first;
}

/**
 * The national prefix that stands behind the country code, where nobody dials it: `0` in `+49 030 123456`, `06` in `+36 (06) 1 2345678`. Italy's 0
 * belongs to the number.
 * @returns undefined where there is none, and where the number is not one that the numbering plan has
 */
export function strayNationalPrefix(text: string): string | undefined {
  const digits = PLAIN.test(text) ? text : bareNumber(text);
  if (digits === undefined || !MAY_HAVE_PREFIX.test(digits)) return undefined;
  const number = likeliest(possible(digits, undefined));
  if (number === undefined || digits === number.number || !number.isValid()) return undefined;
  const { countryCallingCode, nationalNumber } = number;
  const inCountry = number.formatNational().replaceAll(/\D/g, "");
  return digits === `+${countryCallingCode}${inCountry}` ? inCountry.slice(0, -nationalNumber.length) : undefined;
}

/** What has nothing to be taken out. */
const PLAIN = /^\+\d+$/;
/** A country code (ITU-T E.164) and the first digit of a national prefix: the plans are asked about these only, which takes much longer. */
const MAY_HAVE_PREFIX =
  /^\+(?:7|2[07]|2\d\d|3[578]\d|3\d|42\d|4\d|5[09]\d|5\d|6[789]\d|6\d|8[0578]\d|8\d|9[679]\d|9\d)[08]/;

/** Dialled before a country code: `011` in North America, `0011` in Australia, `010` in Japan, `810` in Russia, `00` almost everywhere else. */
const EXIT_CODE = /^(0011|00|011|010|810)(?=[1-9])/;
/** With fewer digits it can be a national number, such as one of Sheffield (0114). */
const SHORTEST_WITH_EXIT_CODE = 12;

/** What a number is dialled abroad with, where it begins so and the rest is an international number; undefined: it does not. */
export function exitCodeOf(text: string): string | undefined {
  const digits = digitsOf(text) ?? "";
  const code = EXIT_CODE.exec(digits)?.[0];
  if (code === undefined || (code !== "00" && digits.length < SHORTEST_WITH_EXIT_CODE)) return undefined;
  return readNumber(`+${digits.slice(code.length)}`)?.type === undefined ? undefined : code;
}

/** The one form of a number, or undefined: `readNumber(text, country)?.e164`. */
export function toE164(text: string, country?: string): string | undefined {
  return likeliest(possible(text, country))?.number;
}

/**
 * What numbers are compared by: equal for two spellings of one number. A text that is not a number (`anonymous`, an extension) is
 * compared without blanks, punctuation and a leading `+`, which carriers send or leave out.
 */
export function comparableNumber(text: string, country?: string): string {
  return toE164(text, country) ?? text.normalize("NFKC").replaceAll(/^\+|[\p{Cf}\s()./-]/gu, "");
}

/** Whether there is such a country code (ISO 3166-1 alpha-2, capital letters) in the numbering plans. */
export function isCountry(text: string): boolean {
  return isSupportedCountry(text);
}

/**
 * The number in a telephone or SIP address as carriers send it: `tel:+49-30-123456;ext=5`, `sip:+4930123456;npdi@host`, `"A" <sip:…>`.
 * A text without an address stays as it is.
 */
export function userPart(text: string): string {
  const start = text.slice(0, LONGEST_ADDRESS).replace(DISPLAY_NAME, "");
  const address = (/<([^<>]*)>/.exec(start)?.[1] ?? start).trim();
  const user = address.replace(/^(?:tel|sips?):/i, "").replace(/[;?@].*$/s, "");
  return decoded(/^sips?:/i.test(address) ? user.replace(/:.*$/s, "") : user);
}

/** `%2B` is a plus (RFC 3261 19.1.2). */
function decoded(user: string): string {
  try {
    return decodeURIComponent(user);
  } catch {
    return user;
  }
}

/** Digits with the sign in front, for 00 too, without separators. Undefined where anything else is in it. */
export function bareNumber(text: string): string | undefined {
  return digitsOf(text)?.replace(INTERNATIONAL_PREFIX, "+");
}

function digitsOf(text: string): string | undefined {
  if (text.length > LONGEST_TEXT) return undefined;
  const plain = text
    .normalize("NFKC")
    .replaceAll(/\p{Cf}/gu, "")
    .trim();
  const digits = toAsciiDigits(plain).replaceAll(/[\s()[\]./\-\p{Pd}·]/gu, "");
  return /^\+?\d+$/.test(digits) ? digits : undefined;
}

/** Arabic-Indic and other decimal digits are digits: Unicode keeps each script's ten in order. */
function toAsciiDigits(text: string): string {
  return text.replaceAll(/(?![0-9])\p{Nd}/gu, (digit) => String(digitValue(digit)));
}

function digitValue(digit: string): number {
  const code = digit.codePointAt(0) ?? 0;
  let zero = code;
  while (code - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero--;
  return code - zero;
}

/**
 * The ways to read it, the likeliest first. Carriers leave the sign out: `4930123456` is an international number, too, and at home in Germany
 * nothing else, even where no such number is known: there a national number begins with 0.
 */
function candidates(digits: string, home: CountryCode | undefined): PhoneNumber[] {
  const bare = digits.replace(INTERNATIONAL_PREFIX, "+");
  // Where another prefix begins with 00, as Australia's 0011 does, both are ways to read it.
  if (bare !== digits) return [...parsed(bare), ...(home === undefined ? [] : parsed(digits, home))];
  if (bare.startsWith("+")) return parsed(bare);
  const international = /^[1-9]/.test(bare) ? parsed(`+${bare}`) : [];
  const national = home === undefined ? [] : parsed(bare, home);
  if (national.some((number) => isSpelledNationally(number, bare))) return national;
  const isHome = home !== undefined && bare.startsWith(getCountryCallingCode(home));
  return isHome && international.some((number) => number.isPossible())
    ? international
    : [...international, ...national];
}

/** Whether people of that country write it so: with the national prefix where there is one, without where there is none. */
function isSpelledNationally(number: PhoneNumber, digits: string): boolean {
  return number.isValid() && number.formatNational().replaceAll(/\D/g, "") === digits;
}

/**
 * A number that reads as another one when it is read again cannot exist: only zeros behind the country code, say. Nor can one over 15 digits
 * (E.164), which the metadata allows for old German numbers. What was written in its one form has just been read.
 */
function isOneForm({ number }: PhoneNumber, spellings: ReadonlySet<string | undefined>): boolean {
  return number.length <= LONGEST_E164 && (spellings.has(number) || parsed(number)[0]?.number === number);
}

function parsed(text: string, country?: CountryCode): PhoneNumber[] {
  const found = parsePhoneNumberFromString(text, { extract: false, ...(country && { defaultCountry: country }) });
  return found === undefined ? [] : [found];
}

function named(number: PhoneNumber): ReadNumber {
  return {
    e164: number.number,
    country: number.country,
    callingCode: number.countryCallingCode,
    national: number.nationalNumber,
    type: number.isValid() ? number.getType() : undefined,
  };
}
