import { failurePhrase, PHRASE_RATE } from "../../../../service/agent/audio/phrases.ts";
import { levelOf } from "../../../../service/agent/audio/spectrum.ts";

const [german, english] = [failurePhrase("de"), failurePhrase("en")];

test.each([
  ["German", german],
  ["English", english],
])("the %s sentence is 3 to 5 s of speech, neither faint nor clipped", (_language, samples) => {
  expect(samples.length / PHRASE_RATE).toBeGreaterThan(3);
  expect(samples.length / PHRASE_RATE).toBeLessThan(5);
  expect(levelOf(samples)).toBeGreaterThan(-30);
  expect(Math.max(...samples)).toBeLessThan(32_767);
});

test("German callers hear German, all others English", () => {
  expect(failurePhrase("de-AT")).toEqual(german);
  expect(failurePhrase("DE")).toEqual(german);
  for (const language of ["en-GB", "fr", ""]) expect(failurePhrase(language)).toEqual(english);
  expect(german.length).not.toBe(english.length);
});
