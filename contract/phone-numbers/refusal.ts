import type { NumberType } from "libphonenumber-js/max";
import { own } from "../own.ts";
import { bareNumber, type ReadNumber, readings, readNumber } from "./read-number.ts";

/**
 * Why a number is not dialled. `not-e164`: not a number that can exist; `short`: a short code, answered differently in every network;
 * `cost-unknown`: a range of unknown cost that is not listed itself; `not-allowed`: only missing from the list.
 */
export type Refusal = "not-e164" | "emergency" | "short" | "premium" | "satellite" | "cost-unknown" | "not-allowed";

/**
 * Emergency and help numbers as they are dialled, of every country (ITU-T E.129 national numbering plans): EU 112 and 116xxx (Commission
 * Decision 2007/116/EC), 911, 999, 000, and the two- and three-digit numbers of police, fire and ambulance.
 */
const EMERGENCY = new Set(
  [
    "000 010 015 017 018 060 061 062 065 066 080 085 088 091 092 100 101 102 103 104 105 106 107 108 110 111 112 113 114 115 116 117 118 119",
    "120 121 122 123 125 126 127 128 129 130 131 132 133 140 141 142 143 144 145 150 151 155 156 158 160 161 165 166 171 177 180 185 190 191",
    "192 193 194 195 196 197 198 199 903 907 911 912 913 917 918 919 933 955 988 990 991 992 993 994 995 996 997 998 999 15 17 18 19222",
  ].flatMap((line) => line.split(" ")),
);
const HELPLINE = /^116\d{3}$/;
/** Dialled behind an area code, Germany's emergency and ambulance numbers reach that area's control center. */
const GERMAN_AREA_EMERGENCY = /^(?:[2-9]\d{1,3}(?:110|112)|[2-9]\d{1,4}19222)$/;
/** The longest short code (116 117, 118 xxx). No subscriber of a country with area codes has so few digits, with the area code. */
const LONGEST_SHORT_CODE = 6;

/** Networks without a country: Inmarsat, global mobile satellite, international networks (ITU-T E.164, list of assigned country codes). */
const SATELLITE = new Set(["870", "878", "881", "882", "883", "888", "991"]);

/** Kinds of numbers that cost more than a call (metadata of libphonenumber). `PERSONAL_NUMBER`: UK 070, Italy 199, up to 1 € a minute. */
const EXPENSIVE: ReadonlySet<NumberType> = new Set(["PREMIUM_RATE", "SHARED_COST", "PERSONAL_NUMBER"]);
const KNOWN_COST: ReadonlySet<NumberType> = new Set([
  "FIXED_LINE",
  "MOBILE",
  "FIXED_LINE_OR_MOBILE",
  "TOLL_FREE",
  "VOIP",
]);

/**
 * What the metadata lacks, by country code, of the number behind it. International premium rate 979, shared cost 808 (ITU-T E.169). Germany:
 * 010 call by call, 012, 0118, 0137/0138, 0180, 0190–0194, 0900 (Bundesnetzagentur, Nummernplan). Austria 0118, 081x, 082x, 09xx (KEM-V). Switzerland
 * 084x, 090x, 18xx (BAKOM). UK 084, 087, 09, 070, 118 (Ofcom). France 081, 082, 089, 118 (Arcep). Italy 89x, 199, 178, 144, 166 (AGCOM).
 * Spain 80x, 901, 902, 905, 907, 118 (CNMC). Netherlands 090x, 18xx (ACM). Belgium 090x, 070 (BIPT). Poland 70x, 80x but 800 (UKE). North America area code
 * 900 and exchange 976 (NANPA). Ireland 15xx, 18xx but 1800 (ComReg). Denmark 90 (SDFI). Sweden 0900, 0939, 0944, 099, 0118 (PTS). Norway 82x (Nkom). Finland
 * 0600, 0700 (Traficom). Portugal 6, 707, 708, 76x (ANACOM). Russia 803, 809. Belarus
 * 810, whose 8 reads as the national prefix. Australia 190x, 13xx (ACMA). Japan 0570, 0990 (MIC).
 */
const PREMIUM: Readonly<Record<string, RegExp>> = {
  "979": /^/,
  "808": /^/,
  "1": /^(?:900|\d{3}976)/,
  "31": /^(?:90|18\d{2}$)/,
  "32": /^(?:90|70)/,
  "33": /^(?:8[129]|118\d{3}$)/,
  "34": /^(?:80[3567]|90[12579]|118\d{2,3}$)/,
  "351": /^(?:6[0-48]|70[78]|76)/,
  "353": /^1(?:5|8(?!00))\d{8}$/,
  "358": /^(?:[67]00|606)/,
  "375": /^10\d{7}$/,
  "39": /^(?:89|199|178|144|166)/,
  "41": /^(?:84|90|18\d{2}$)/,
  "43": /^(?:118\d{2,3}$|81|82|9)/,
  "44": /^(?:118\d{2,3}$|84|87|9|70)/,
  "45": /^90/,
  "46": /^(?:118\d{2,3}$|900|939|944|99)/,
  "47": /^82/,
  "48": /^(?:70|80[1-9])/,
  "49": /^(?:10|118|12|13[78]|180|19[0-4]|900)/,
  "61": /^(?:19|13(?:\d{4}|\d{8})$)/,
  "7": /^80[39]/,
  "81": /^(?:570|990)/,
};

/**
 * Whether a number may be dialled: declared, and none of those that are never dialled, declared or not.
 * @param text the number in any spelling
 * @param declared the allow-list, one number an entry, in any spelling
 * @param country ISO 3166-1: how numbers without a country code are read
 * @returns undefined = it may
 * @example refusalOf("+49 (0)900 1234567", ["+499001234567"]) // "premium"
 */
export function refusalOf(text: string, declared: readonly string[], country?: string): Refusal | undefined {
  const number = readNumber(text, country);
  if (isEmergency(text, number)) return "emergency";
  if (number === undefined) return refusalOfDigits(text);
  // One spelling can be read in two ways. Whatever network dials it may take the other one.
  const [never] = readings(text, country).flatMap((reading) => neverDialled(reading) ?? []);
  if (never !== undefined) return never;
  if (isShort(number)) return "short";
  const isDeclared = declared.some((entry) => readNumber(entry, country)?.e164 === number.e164);
  if (isDeclared) return undefined;
  return KNOWN_COST.has(number.type) ? "not-allowed" : "cost-unknown";
}

/** What no list can allow. */
function neverDialled(number: ReadNumber): "premium" | "satellite" | undefined {
  const { callingCode, national, type } = number;
  if (SATELLITE.has(callingCode)) return "satellite";
  if (EXPENSIVE.has(type) || isPremium(callingCode, national)) return "premium";
  const isUnknown = type === undefined && [number.e164, withoutZero(number)].some(beginsExpensively);
  return isUnknown ? "premium" : undefined;
}

/** A range that no plan knows may be a known one with a national prefix that does not belong behind a country code. */
function withoutZero({ callingCode, national }: ReadNumber): string {
  return `+${callingCode}${national.replace(/^0/, "")}`;
}

/** Of the number itself alone: another reading, such as Tokelau's `+690 (0)7290` with the 0, costs nothing. */
function isShort({ type, national }: ReadNumber): boolean {
  return type === undefined && national.length <= LONGEST_SHORT_CODE;
}

/** Exchanges connect as soon as the number is whole: what is dialled behind it changes nothing. */
function beginsExpensively(e164: string): boolean {
  const lengths = Array.from({ length: e164.length + 1 }, (_, length) => length);
  return lengths.some((length) => EXPENSIVE.has(readNumber(e164.slice(0, length))?.type));
}

/** With and without a national prefix that does not belong behind a country code. */
function isPremium(callingCode: string, national: string): boolean {
  const pattern = own(PREMIUM, callingCode);
  return pattern !== undefined && (pattern.test(national) || pattern.test(national.replace(/^0/, "")));
}

/** As it is dialled, behind a country code, or behind zeros that somebody put in front of it. */
function isEmergency(text: string, number: ReadNumber | undefined): boolean {
  const digits = bareNumber(text)?.replace(/^\+/, "") ?? "";
  if (isHelp(digits) || isHelp(digits.replace(/^0{1,2}/, ""))) return true;
  if (number !== undefined)
    return isHelp(number.national) || (number.callingCode === "49" && GERMAN_AREA_EMERGENCY.test(number.national));
  return [1, 2, 3].some(
    (length) => /^[1-9]/.test(digits) && [/^/, /^0/].some((zero) => isHelp(digits.slice(length).replace(zero, ""))),
  );
}

function isHelp(digits: string): boolean {
  return EMERGENCY.has(digits) || HELPLINE.test(digits);
}

/** Why something that is not a number is refused: what its digits begin with says the most. */
function refusalOfDigits(text: string): Refusal {
  const digits = bareNumber(text)?.replace(/^\+/, "");
  if (digits === undefined) return "not-e164";
  if ([...SATELLITE].some((code) => digits.startsWith(code))) return "satellite";
  const isOf = (code: string) => digits.startsWith(code) && isPremium(code, digits.slice(code.length));
  if (Object.keys(PREMIUM).some(isOf)) return "premium";
  return digits.length <= LONGEST_SHORT_CODE ? "short" : "not-e164";
}
