import { existsSync, readFileSync } from "node:fs";

test("each line of the security model has its test, and SECURITY.md leads there", () => {
  const rows = readFileSync("docs/SECURITY_MODEL.md", "utf8")
    .split("\n")
    .filter((line) => line.startsWith("| ") && !/^\| (---|an attacker)/.test(line));
  expect(rows.length).toBeGreaterThan(20);
  for (const row of rows) {
    const files = [...row.matchAll(/`(test\/[^`]+)`/g)].map(([, file]) => file ?? "");
    expect({ row, missing: files.filter((file) => !existsSync(file)), count: files.length > 0 }).toEqual({
      row,
      missing: [],
      count: true,
    });
  }
  expect(readFileSync("SECURITY.md", "utf8")).toContain("(docs/SECURITY_MODEL.md)");
});
