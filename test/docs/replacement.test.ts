import { readFileSync } from "node:fs";
import { KINDS } from "../../providers/dynamic/dispatch.ts";
import { CASES, COLUMNS, table } from "../engine/replacement-matrix.ts";

/** docs/REPLACEMENT.md says what test/engine/replacement.test.ts sees. */

test("the table in the document is that of the test", () => {
  expect(readFileSync("docs/REPLACEMENT.md", "utf8")).toContain(table());
});

test("the test declares every kind that there is", () => {
  const kinds = Object.values(COLUMNS).flatMap((column) => Object.keys(column));
  expect(kinds.sort()).toEqual([...KINDS].sort());
});

test("each case has its test", () => {
  const tests = readFileSync("test/engine/replacement.test.ts", "utf8");
  for (const name of Object.keys(CASES)) expect(tests).toMatch(new RegExp(`CASES\\.${name}\\b`));
});
