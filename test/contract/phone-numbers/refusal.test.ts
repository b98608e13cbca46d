import fc from "fast-check";
import { getCountries, getCountryCallingCode, parsePhoneNumberFromString } from "libphonenumber-js/max";
import { comparableNumber, readNumber, refusalOf } from "../../../contract/index.ts";
import { runs } from "../../hostile/texts.ts";

const DECLARED = ["+49 30 1234567", "004940765432"];

const EXPENSIVE = new Set(["PREMIUM_RATE", "SHARED_COST", "PERSONAL_NUMBER"]);

describe("refusalOf", () => {
  test.each(["+49301234567", "0049301234567", "+49 (30) 123-4567", "+4940765432"])("lets %s be dialled", (number) => {
    expect(refusalOf(number, DECLARED)).toBeUndefined();
  });

  test.each([
    ["+4930999999", "not-allowed"],
    ["110", "emergency"],
    ["112", "emergency"],
    ["+49112", "emergency"],
    ["0110", "emergency"],
    ["116117", "emergency"],
    ["+493019222", "emergency"],
    ["911", "emergency"],
    ["+1911", "emergency"],
    ["+499001234567", "premium"],
    ["00491371234567", "premium"],
    ["+4911833123", "premium"],
    ["+447012345678", "premium"],
    ["+19005551234", "premium"],
    ["+12129765555", "premium"],
    ["+97912345678", "premium"],
    ["+881612345678", "satellite"],
    ["+870773123456", "satellite"],
    ["", "not-e164"],
    ["anonymous", "not-e164"],
    ["030123456", "not-e164"],
    ["+49301234567@evil.example", "not-e164"],
    ["+49301234567;ext=1", "not-e164"],
  ])("refuses %p: %s", (number, why) => {
    expect(refusalOf(number, DECLARED)).toBe(why);
  });

  test.each([
    "+49 (0)900 1234567",
    "+49 0900 1234567",
    "0049 (0) 900 / 1234567",
    "+490137123456",
    "+49 (0)180 5 123456",
    "+49 700 12345678",
    "+49 191 123456",
    "+4411850",
    "+44 118 500",
    "0044 (0) 118 500",
    "+44 (0)70 1234 5678",
    "+43 810 123456",
    "+43 (0)820 123456",
    "+41 (0)848 123 456",
    "+33 (0)8 92 12 34 56",
    "+34 902 123 456",
    "+39 199 123456",
    "+61 13 12 12",
    "+1 (900) 555-1234",
    "+979 123 456 789",
    "+808 12345678",
    "+٤٩ ٩٠٠ ١٢٣٤٥٦٧",
    "+49\u200b900\u00ad1234567",
  ])("%j costs too much, declared or not", (number) => {
    expect([refusalOf(number, []), refusalOf(number, [number], "DE")]).toEqual(["premium", "premium"]);
  });

  test.each(["0112", "030 112", "+49 30 112", "+4989 110", "+33 15", "+39 118", "000", "+61 000", "116 123", "+1 911"])(
    "%j is an emergency number",
    (number) => expect(refusalOf(number, [number], "DE")).toBe("emergency"),
  );

  test.each(["22833", "+49 22", "12", "0 1234"])("%j is too short for a number", (number) =>
    expect(refusalOf(number, [number])).toBe("short"),
  );

  test.each([
    "+44 118 950 1234",
    "+33 1 18 12 34 56",
    "+353 1 812 3456",
    "+43 1 1812345",
    "+31 180 123456",
    "+46 11 812345",
    "+32 9 223 45 67",
    "+49 89 654321",
    "+39 06 12345678",
    "+1 212 555 2368",
    "+45 32 12 34 56",
  ])("%j is an ordinary number", (number) => expect(refusalOf(number, [number], "DE")).toBeUndefined());

  test("a range of unknown cost is dialled only where the number itself is listed", () => {
    expect(refusalOf("+49 32 22123456", DECLARED)).toBe("cost-unknown");
    expect(refusalOf("+49 32 22123456", ["0049 (0)32 22123456"])).toBeUndefined();
  });

  test("numbers are read with the declared country", () => {
    expect(refusalOf("030 1234567", DECLARED, "DE")).toBeUndefined();
    expect(refusalOf("0900 1234567", ["0900 1234567"], "DE")).toBe("premium");
    expect(refusalOf("030 1234567", DECLARED)).toBe("not-e164");
  });

  test("no spelling of a refused number is let through", () => {
    const refused = fc.constantFrom(
      "499001234567",
      "49137123456",
      "491805123456",
      "447012345678",
      "43810123456",
      "881612345678",
      "33892123456",
    );
    const separators = fc.array(fc.constantFrom("", " ", "-", "/", ".", "(0)", "\u200b", "\u00a0"), {
      minLength: 15,
      maxLength: 15,
    });
    fc.assert(
      fc.property(
        refused,
        fc.constantFrom("+", "00", "", "+ ", "(+)", "\uff0b"),
        separators,
        (digits, prefix, between) => {
          const spelling = prefix + [...digits].map((digit, index) => digit + between[index]).join("");
          expect(refusalOf(spelling, [spelling], "DE")).toBeDefined();
        },
      ),
      runs(2_000),
    );
  });

  test("of no country a spelling of an expensive number is let through", () => {
    const codes = [...new Set(getCountries().map((country) => getCountryCallingCode(country)))];
    const drawn = fc.sample(
      fc.tuple(fc.constantFrom(...codes), fc.stringMatching(/^(?:[1-9]|[6-9]0|[689]00|1[89]00?)\d{4,8}$/)),
      runs(20_000),
    );
    const expensive = drawn.flatMap(([code, digits]) => {
      const number = parsePhoneNumberFromString(`+${code}${digits}`, { extract: false });
      return number && EXPENSIVE.has(String(number.getType())) ? [number] : [];
    });
    expect(new Set(expensive.map(({ countryCallingCode }) => countryCallingCode)).size).toBeGreaterThan(40);
    for (const number of expensive) {
      const { countryCallingCode: code, nationalNumber, country } = number;
      const spellings = [
        ...[number.number, number.number.slice(1), `00${number.number.slice(1)}`, number.formatInternational()],
        ...[`+${code} (0)${nationalNumber}`, `+${code} 0${nationalNumber}`, number.formatNational()],
        `\u200b+${code}-${[...nationalNumber].join(".")}`,
      ];
      // Some are another number that exists: Italy's with a 0, Brazil's at home.
      const isAnother = (spelling: string) => {
        const read = readNumber(spelling, country);
        return read?.type !== undefined && read.e164 !== number.number;
      };
      const own = spellings.filter((spelling) => !isAnother(spelling));
      expect(own.filter((spelling) => refusalOf(spelling, [spelling, number.number], country) === undefined)).toEqual(
        [],
      );
    }
  });

  test("what is dialled behind a whole premium number changes nothing", () => {
    for (const number of ["+92 900 12345 99", "+31 901 12 34 56", "+1 900 234 5678 12", "+44 9011 123456 789"])
      expect([number, refusalOf(number, [number])]).toEqual([number, "premium"]);
  });

  test("what is never dialled cannot be declared either", () => {
    for (const number of ["112", "+499001234567", "+881612345678"]) expect(refusalOf(number, [number])).toBeDefined();
  });

  test("nothing is dialled that was not declared, whatever is asked for", () => {
    const number = fc.oneof(fc.string(), fc.stringMatching(/^(\+|00)?[0-9 ]{0,18}$/));
    fc.assert(
      fc.property(number, (asked) => {
        const declared = DECLARED.map((entry) => comparableNumber(entry)).includes(comparableNumber(asked));
        expect(refusalOf(asked, DECLARED) === undefined).toBe(declared);
      }),
      runs(2_000),
    );
  });
});
