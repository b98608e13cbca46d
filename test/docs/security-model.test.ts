import { existsSync, globSync, readFileSync } from "node:fs";

/** A file that is there, and has something in it that runs. */
const hasTests = (file: string) =>
  existsSync(file) && /^ *(?:test|describe)(?:\.each\b|\()/m.test(readFileSync(file, "utf8"));

test("each line of the security model has its test, and SECURITY.md leads there", () => {
  const rows = readFileSync("docs/SECURITY_MODEL.md", "utf8")
    .split("\n")
    .filter((line) => line.startsWith("| ") && !/^\| (---|an attacker)/.test(line));
  expect(rows.length).toBeGreaterThan(20);
  for (const row of rows) {
    const files = [...row.matchAll(/`(test\/[^`]+)`/g)].map(([, file]) => file ?? "");
    expect({ row, missing: files.filter((file) => !hasTests(file)), count: files.length > 0 }).toEqual({
      row,
      missing: [],
      count: true,
    });
  }
  expect(readFileSync("SECURITY.md", "utf8")).toContain("(docs/SECURITY_MODEL.md)");
});

test("each test under test/hostile holds a line of it, or is one of the parts of those", () => {
  const model = readFileSync("docs/SECURITY_MODEL.md", "utf8");
  const unnamed = globSync("test/hostile/**/*.test.ts").filter((file) => !model.includes(`\`${file}\``));
  expect(unnamed).toEqual([]);
});

test("on demand every property of the folders that it names is tried so many times as often: none has a number of its own", () => {
  const [, folders = ""] =
    /TRUNKLINE_PROPERTY_TIMES=100 npm test -- (.*)/.exec(readFileSync("docs/SECURITY_MODEL.md", "utf8")) ?? [];
  const files = folders.split(" ").flatMap((folder) => globSync(`${folder}/**/*.test.ts`));
  expect(files.length).toBeGreaterThan(20);
  expect(files.filter((file) => /\bnumRuns\b|\bseed:/.test(readFileSync(file, "utf8")))).toEqual([]);
});
