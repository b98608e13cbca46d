import { didYouMean, nearest } from "@trunkline/contract";
import * as fc from "fast-check";

const KNOWN = ["start", "drift", "doctor", "livekitUrl", "maxConcurrentCalls"];

test.each([
  ["drfit", "drift"],
  ["dirft", "drift"],
  ["docter", "doctor"],
  ["livekitURL", "livekitUrl"],
  ["maxConcurentCalls", "maxConcurrentCalls"],
  ["stat", "start"],
  ["deploy", undefined],
  ["", undefined],
])("%s: %s was meant", (word, meant) => {
  expect(nearest(word, KNOWN)).toBe(meant);
});

test("nothing is proposed where nothing is near", () => {
  expect(didYouMean("drfit", KNOWN)).toBe('; did you mean "drift"?');
  expect(didYouMean("deploy", KNOWN)).toBe("");
});

test("a known word is nearest to itself", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ minLength: 1 }), { minLength: 1 }), (words) => {
      const [word = ""] = words;
      expect(nearest(word, words)?.toLowerCase()).toBe(word.toLowerCase());
    }),
  );
});
