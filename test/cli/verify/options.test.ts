import { parseVerifyOptions } from "../../../cli/verify/options.ts";

test("the sandbox needs nothing, a live stack the number that is called", () => {
  expect(parseVerifyOptions(["--stack", "local"])).toMatchObject({ stack: "local", number: undefined, json: false });
  expect(parseVerifyOptions(["--stack", "dev", "--number", "+493012345678"])).toMatchObject({ stack: "dev" });
});

test.each([
  [[], "--stack is missing"],
  [["--stack", "dev"], "--number is missing"],
  [["--stack", "dev", "--number", "030 123"], '--number is "030 123"'],
  [["--stack", "dev", "--number", "+493012345678", "--flow", "dial"], "--flow is for"],
  [["--stack", "dev", "--number", "+493012345678", "--from", "me"], '--from is "me"'],
  [["--stack", "local", "--flow", "both"], '--flow is "both"'],
  [["--stack", "local", "--report", "report.txt"], '--report is "report.txt"'],
  [["--stack", "local", "--middleware", "here"], '--middleware is "here"'],
])("%j is refused with the value: %s", (args, message) => {
  expect(() => parseVerifyOptions(args)).toThrow(message);
});
