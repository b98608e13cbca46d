import { CliError } from "../../cli/errors.ts";
import { failure, failureLine, failureObject } from "../../cli/failure.ts";
import { TrunklineError } from "../../providers/dynamic/errors.ts";

const own = new CliError("WRONG_KEY", "that key is unknown", "Set another.");
const ofProviders = new TrunklineError("API_REFUSED", "429: too many");
const mistake = new TypeError("x is undefined");

test("an error of ours: code, what happened, what to do, no stack", () => {
  expect(failure(own)).toBe("WRONG_KEY: that key is unknown\n  Set another.");
  expect(failureLine(own)).toBe("WRONG_KEY: that key is unknown");
  expect(failureObject(own)).toEqual({ code: "WRONG_KEY", message: "that key is unknown", hint: "Set another." });
});

test("an error of the providers says its code once", () => {
  expect(failure(ofProviders)).toBe("API_REFUSED: 429: too many");
  expect(failureObject(ofProviders)).toEqual({ code: "API_REFUSED", message: "429: too many" });
});

test("a mistake of the program shows where", () => {
  expect(failure(mistake)).toMatch(/TypeError: x is undefined\n +at /);
  expect(failureObject(mistake)).toEqual({ code: "INTERNAL", message: "x is undefined" });
});
