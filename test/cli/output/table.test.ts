import { table, wrap } from "../../../cli/output/table.ts";

test("columns are as wide as their widest cell, nothing trails", () => {
  expect(
    table(
      ["ID", "NAME"],
      [
        ["ST_1", "carrier"],
        ["ST_22", ""],
      ],
    ),
  ).toBe(["ID     NAME", "─────  ───────", "ST_1   carrier", "ST_22"].join("\n"));
});

test("colours do not count", () => {
  const lines = table(
    ["A", "B"],
    [
      ["\u001b[31mred\u001b[39m", "x"],
      ["green", "y"],
    ],
  ).split("\n");
  expect(lines[2]).toBe("\u001b[31mred\u001b[39m    x");
  expect(lines[3]).toBe("green  y");
});

test("the widest column gives way where the line is too long, between words", () => {
  const text = table(["ID", "WHY"], [["ST_1", "two trunks without called numbers let this caller in"]], { width: 30 });
  for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(30);
  expect(text.replaceAll(/\s+/g, " ")).toContain("two trunks without called numbers let this caller in");
});

test("a word that is longer than the line is left whole: ids can be copied", () => {
  expect(wrap("id ST_abcdefghijklmnop", 8)).toEqual(["id", "ST_abcdefghijklmnop"]);
});

test("a cell cannot start a line, move the cursor or end its color early", () => {
  const lines = table(["A"], [["x\r\n\u001b[2JINJECTED\u0085\u009b8m"]]).split("\n");
  expect(lines).toHaveLength(3);
  expect(lines[2]).toBe("x \\u{1b}[2JINJECTED\\u{85}\\u{9b}8m");
});
