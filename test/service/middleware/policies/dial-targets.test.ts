import fc from "fast-check";
import { normaliseNumber, refusalOf } from "../../../../service/middleware/policies/dial-targets.ts";

const DECLARED = ["+49 30 1234567", "004940765432"];

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

  test("what is never dialled cannot be declared either", () => {
    for (const number of ["112", "+499001234567", "+881612345678"]) expect(refusalOf(number, [number])).toBeDefined();
  });

  test("nothing is dialled that was not declared, whatever is asked for", () => {
    const number = fc.oneof(fc.string(), fc.stringMatching(/^(\+|00)?[0-9 ]{0,18}$/));
    fc.assert(
      fc.property(number, (asked) => {
        const declared = DECLARED.map(normaliseNumber).includes(normaliseNumber(asked));
        expect(refusalOf(asked, DECLARED) === undefined).toBe(declared);
      }),
      { numRuns: 2_000 },
    );
  });
});
