import { maskNumber } from "@trunkline/shared";
import fc from "fast-check";

describe("maskNumber", () => {
  test.each([
    ["+4930123456", "+*******456"],
    ["4930 123-456", "**** ***-456"],
    ["123", "123"],
    ["anonymous", "anonymous"],
    ["", ""],
  ])("%p is shown as %p", (number, masked) => {
    expect(maskNumber(number)).toBe(masked);
  });

  test("never shows more than the last three digits", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\+?[0-9 ]{4,20}$/), (number) => {
        const digits = number.replaceAll(/\D/g, "");
        return maskNumber(number).replaceAll(/\D/g, "") === digits.slice(-3);
      }),
    );
  });
});
