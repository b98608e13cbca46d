import fc from "fast-check";
import examples from "libphonenumber-js/examples.mobile.json";
import { type CountryCode, getCountries, getExampleNumber, type PhoneNumber } from "libphonenumber-js/max";
import {
  comparableNumber,
  exitCodeOf,
  readNumber,
  strayNationalPrefix,
  toE164,
  userPart,
} from "../../../contract/index.ts";
import { runs } from "../../hostile/texts.ts";

const NUMBERS = getCountries().flatMap((country) => getExampleNumber(country, examples) ?? []);
const example = fc.constantFrom(...NUMBERS);

/** The ways in which people and carriers write one number, at home or not. */
const international = (number: PhoneNumber) => [
  number.number,
  number.formatInternational(),
  number.number.slice(1),
  `00${number.number.slice(1)}`,
  `00 ${number.formatInternational().slice(1)}`,
];

/** Italy and Ascension have numbers with a 0 in front beside those without: there `(0)` belongs to the number. */
const takesZero = (number: PhoneNumber) => !["IT", "VA", "AC"].includes(number.country ?? "");
const withNationalZero = ({ countryCallingCode, nationalNumber }: PhoneNumber) => [
  `+${countryCallingCode} (0)${nationalNumber}`,
  `+${countryCallingCode}(0) ${nationalNumber}`,
  `00${countryCallingCode} (0) ${nationalNumber}`,
];

test.each([
  ["+49 (0)30 123456", undefined, "+4930123456"],
  ["0049 (0) 30 123456", undefined, "+4930123456"],
  ["4930123456", undefined, "+4930123456"],
  ["030 123456", "DE", "+4930123456"],
  ["0049 30 123456", "DE", "+4930123456"],
  ["49 (0)30 123456", "DE", "+4930123456"],
  ["+49 0900 1234567", undefined, "+499001234567"],
  ["+39 06 12345678", "DE", "+390612345678"],
  ["(212) 555-2368", "US", "+12125552368"],
  ["011 49 30 123456", "US", "+4930123456"],
  ["00 49 30 123456", "US", "+4930123456"],
  ["0011 49 30 123456", "AU", "+4930123456"],
  ["0011 61 2 9374 4000", "AU", "+61293744000"],
  ["00 49 30 123456", "AU", "+4930123456"],
  ["00700 49 30 123456", "KR", "+4930123456"],
  ["0015 49 30 123456", "BR", "+4930123456"],
  ["8 10 49 30 123456", "RU", "+4930123456"],
  ["+44 020 7946 0958", "GB", "+442079460958"],
  ["+43 (0)1 58801", undefined, "+43158801"],
  ["8 (495) 123-45-67", "RU", "+74951234567"],
  ["＋４９ ３０ １２３４５６", undefined, "+4930123456"],
  ["+٤٩٣٠١٢٣٤٥٦", undefined, "+4930123456"],
  ["+49\u200b30\u00a0123456", undefined, "+4930123456"],
  ["+49–30–123456", undefined, "+4930123456"],
])("%j at home in %s is %s", (text, country, e164) => expect(toE164(text, country)).toBe(e164));

test.each([
  "",
  "+",
  "anonymous",
  "112",
  "+49112",
  "+44 118 500",
  "030123456",
  "+49 30 CALLME",
  "+4930123456@host",
  "++4930123456",
  "+0301234567",
])("%j is not a number", (text) => expect(readNumber(text)).toBeUndefined());

test("every spelling of a number is that number, in every country, at home and from another", () => {
  for (const number of NUMBERS)
    for (const country of [undefined, number.country as CountryCode, "DE", "US"]) {
      // At home in America ten digits are a national number, even where they are another country's without its sign.
      const isAmbiguous = (spelling: string) => country === "US" && /^[2-9]\d{9}$/.test(spelling);
      const spellings = [
        ...international(number).filter((spelling) => !isAmbiguous(spelling)),
        ...(takesZero(number) ? withNationalZero(number) : []),
      ];
      const wrong = spellings.filter((spelling) => toE164(spelling, country) !== number.number);
      expect({ country, wrong }).toEqual({ country, wrong: [] });
    }
});

test("what people write at home is read with the declared country", () => {
  for (const number of NUMBERS) {
    const spelling = number.formatNational();
    expect([spelling, toE164(spelling, number.country)]).toEqual([spelling, number.number]);
  }
});

test("separators, invisible characters and another script's digits change nothing", () => {
  const separator = fc.constantFrom("", " ", "-", "/", ".", "(", ")", "\u00a0", "\u200b", "\u2013", "\t");
  const script = fc.constantFrom(0x30, 0x660, 0x6f0, 0x966, 0xff10);
  fc.assert(
    fc.property(example, fc.array(separator, { minLength: 16, maxLength: 16 }), script, ({ number }, between, zero) => {
      const digits = [...number.slice(1)].map(
        (digit, index) => String.fromCodePoint(zero + Number(digit)) + between[index],
      );
      expect(toE164(`+${digits.join("")}`)).toBe(number);
    }),
    runs(1_000),
  );
});

test("two spellings of one number are compared as one, whatever the text", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^(\+|00)?[\d ()/-]{0,20}$/)), (text) => {
      const e164 = toE164(text, "DE");
      if (e164 === undefined) return;
      expect(e164).toMatch(/^\+[1-9]\d{4,14}$/);
      expect([toE164(e164), comparableNumber(text, "DE")]).toEqual([e164, e164]);
    }),
    runs(2_000),
  );
});

test.each([
  ["tel:+49-30-123456;ext=5", "+49-30-123456"],
  ["sip:+4930123456;npdi@host;user=phone", "+4930123456"],
  ['"A, B" <sip:+4930123456@host>;tag=1', "+4930123456"],
  ['"A; B@c" <sip:+4930123456@host>', "+4930123456"],
  ['"<sip:+49900@x>" <tel:+4930123456;phone-context=example.com>', "+4930123456"],
  ['"say \\"hi\\"" <sips:%2B4930123456@host>', "+4930123456"],
  ["sip:+4930123456:secret@host", "+4930123456"],
  ["sip:%ZZ@host", "%ZZ"],
  ["anonymous@anonymous.invalid", "anonymous"],
  ["+4930123456", "+4930123456"],
])("%j has the user part %j", (text, user) => expect(userPart(text)).toBe(user));

test("a text of any length is read at once", () => {
  const started = performance.now();
  expect(readNumber("+4".repeat(500_000))).toBeUndefined();
  expect(userPart("<".repeat(100_000)).length).toBeLessThan(100_001);
  expect(performance.now() - started).toBeLessThan(1_000);
});

describe("a national prefix behind the country code", () => {
  test.each([
    ["+4903012345670", "0"],
    ["+49 030 12345670", "0"],
    ["+49(030)12345670", "0"],
    ["004903012345670", "0"],
    ["+4402079460000", "0"],
    ["+36 (06) 1 2345678", "06"],
    ["+7 (8) 800 1234567", "8"],
    ["+493012345670", undefined],
    ["+39 06 12345678", undefined],
    ["+39 (0)6 12345678", undefined],
    ["+78001234567", undefined],
    ["+5491112345678", undefined],
    ["+4903", undefined],
    ["030 12345670", undefined],
    ["office", undefined],
  ])("%j: %s", (text, prefix) => expect(strayNationalPrefix(text)).toBe(prefix));
});

test.each([
  ["011 49 30 12345670", "011"],
  ["0011493012345670", "0011"],
  ["0049 30 12345670", "00"],
  ["0114 930 1234", undefined],
  ["02079460000", undefined],
  ["01012345678", undefined],
  ["+493012345670", undefined],
])("%j is dialled abroad with %s", (text, code) => expect(exitCodeOf(text)).toBe(code));

/** Not in Italy and its neighbours, whose 0 belongs to the number, nor of Argentina's mobile numbers, which at home have a 15 in their middle. */
test("a national prefix is seen in every country that has one behind its country code", () => {
  const missed = getCountries().flatMap((country) => {
    const number = getExampleNumber(country, examples);
    const national = number?.formatNational().replaceAll(/\D/g, "") ?? "";
    const prefix = national.slice(0, -(number?.nationalNumber.length ?? 0));
    if (number === undefined || prefix === "" || national === number.nationalNumber) return [];
    const found = strayNationalPrefix(`+${number.countryCallingCode} ${prefix} ${number.nationalNumber}`);
    return found === prefix || ["AR", "IT", "SM", "VA"].includes(country) ? [] : [`${country}: ${prefix}, ${found}`];
  });
  expect(missed).toEqual([]);
});
