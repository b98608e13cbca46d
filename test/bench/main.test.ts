import { readFileSync } from "node:fs";

const readme = readFileSync("README.md", "utf8");
const measurements = [...readFileSync("bench/main.ts", "utf8").matchAll(/^ {2}([a-z]+): \(\) => import/gm)].map(
  ([, name]) => name,
);

test("every measurement of the README exists", () => {
  const section = readme.slice(readme.indexOf("| `npm run bench -- …` |"), readme.indexOf("## Where to go next"));
  const inTable = [...section.matchAll(/^\| `([a-z]+)` \|/gm)].map(([, name]) => name);
  const named = [...readme.matchAll(/npm run bench -- ([a-z]+)/g)].map(([, name]) => name);
  expect(inTable.length).toBeGreaterThanOrEqual(5);
  for (const name of [...inTable, ...named]) expect(measurements).toContain(name);
});
