import { CODECS_HELP, parseCodecOptions } from "../../../cli/codecs/options.ts";
import { ROWS } from "../../../cli/codecs/rows.ts";

test("all rows, LiveKit's own codecs, a table", () => {
  expect(parseCodecOptions([])).toEqual({ json: false, stack: undefined, only: [] });
});

test("some rows, a stack's codecs, JSON", () => {
  const args = ["--json", "--stack", "dev", "--only", "pcma", "--only", "ptime-40"];
  expect(parseCodecOptions(args)).toEqual({ json: true, stack: "dev", only: ["pcma", "ptime-40"] });
});

test.each([
  [["--only", "opus"], '--only is "opus", which is no row'],
  [["--stack", "a b"], '--stack is "a b", which is no stack\'s name'],
  [["--fast"], "--fast"],
])("%p is refused", (args, message) => {
  expect(() => parseCodecOptions(args)).toThrow(expect.objectContaining({ code: "USAGE", hint: CODECS_HELP }));
  expect(() => parseCodecOptions(args)).toThrow(message);
});

test("every row can be asked for", () => {
  for (const { name } of ROWS) expect(parseCodecOptions(["--only", name]).only).toEqual([name]);
});
