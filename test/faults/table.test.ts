import { readFileSync } from "node:fs";
import { ALL_FAULTS } from "./all-faults.ts";
import { markdownOf, withResults } from "./table.ts";

const document = readFileSync("docs/FAULTS.md", "utf8");
const rows = document.split("\n").filter((line) => line.startsWith("| "));
const scripts = (JSON.parse(readFileSync("package.json", "utf8")) as { scripts: Record<string, string> }).scripts;

test.each(ALL_FAULTS.map(({ group, name }) => ({ group, name })))(
  "docs/FAULTS.md has a result of $group: $name",
  ({ name }) => {
    const own = rows.filter((row) => row.startsWith(`| ${name} | `));
    expect(own).toHaveLength(1);
  },
);

test("the commands of docs/FAULTS.md exist", () => {
  const commands = [...document.matchAll(/npm run (\w+)/g)].map(([, name]) => name);
  expect(commands.length).toBeGreaterThan(1);
  for (const name of commands) expect(Object.keys(scripts)).toContain(name);
});

test("a table tells what callers got, when all was at rest, and what did not hold", () => {
  const common = { group: "kill -9", settledMs: 1_234 };
  const text = markdownOf(
    [
      { ...common, name: "one", seen: ["agent after 2.0 s", "agent after 0.7 s"], violations: [] },
      { ...common, name: "two", seen: ["agent after 2.0 s", "nobody (408)"], violations: ["a leg is left"] },
    ],
    "Today.",
  );
  expect(text.split("\n").slice(-2)).toEqual([
    "| one | agent after 2.0 s | agent after 0.7 s | 1.2 s | yes |",
    "| two | agent after 2.0 s | nobody (408) | 1.2 s | **no**: a leg is left |",
  ]);
});

test("new results take the place of the old ones, and nothing else changes", () => {
  const once = withResults(document, "one");
  expect(withResults(withResults(document, "two"), "one")).toBe(once);
  expect(once.startsWith(document.slice(0, 200))).toBe(true);
  expect(() => withResults("# No results", "one")).toThrow(/has no <!-- results/);
});
