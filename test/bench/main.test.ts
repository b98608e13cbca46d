import { readFileSync } from "node:fs";

const guide = readFileSync("docs/BENCHMARKS.md", "utf8");
const measurements = [...readFileSync("bench/main.ts", "utf8").matchAll(/^ {2}([a-z]+): \(\) => import/gm)].map(
  ([, name]) => name,
);

test("every measurement of the guide exists", () => {
  const section = guide.slice(guide.indexOf("| `npm run bench -- …` |"));
  const inTable = [...section.matchAll(/^\| `([a-z]+)` \|/gm)].map(([, name]) => name);
  const named = [...guide.matchAll(/npm run bench -- ([a-z]+)/g)].map(([, name]) => name);
  expect(inTable.length).toBeGreaterThanOrEqual(5);
  for (const name of [...inTable, ...named]) expect(measurements).toContain(name);
});
