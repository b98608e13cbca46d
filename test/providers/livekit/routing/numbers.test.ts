import { allowsNumber, freshNumber, normalizeNumber } from "../../../../providers/livekit/routing/numbers.ts";

test.each([
  ["4930123", "+4930123"],
  ["+49 (30) 12-3", "+4930123"],
  ["+4930123", "+4930123"],
  ["0049 30", "+004930"],
  ["anonymous", "anonymous"],
  ["(+49) 30", "(+49) 30"],
  ["49/30", "49/30"],
  ["", ""],
])("%j is compared as %j", (number, normalized) => expect(normalizeNumber(number)).toBe(normalized));

test("a list has a number in whatever spelling, an empty list has every number", () => {
  expect(allowsNumber(["49 30"], "+4930")).toBe(true);
  expect(allowsNumber(["4930"], "4931")).toBe(false);
  expect(allowsNumber([], "anything")).toBe(true);
});

test("a fresh number is in use nowhere", () => {
  expect(freshNumber(new Set(["+100", "+101"]), 100)).toBe("+102");
});
