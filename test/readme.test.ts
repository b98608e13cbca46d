import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { START_USAGE } from "../sandbox/start/options.ts";

const readme = readFileSync("README.md", "utf8");
const guide = readFileSync("docs/SANDBOX.md", "utf8");
const scripts = (JSON.parse(readFileSync("package.json", "utf8")) as { scripts: Record<string, string> }).scripts;

test("every option of `npm start --` is in its guide, and no other", () => {
  const options = (text: string) => [...new Set(text.match(/--[a-z][a-z-]*/g))].sort();
  const section = guide.slice(guide.indexOf("| option of"), guide.indexOf("While it runs"));
  expect(options(section)).toEqual(options(START_USAGE.replace("npm start --", "")));
});

test("every npm command in the README exists", () => {
  const commands = [...readme.matchAll(/npm (?:run )?(start|test|[a-z]+:[a-z]+)/g)].map(([, name]) => name);
  expect(commands.length).toBeGreaterThan(1);
  for (const name of commands) expect(Object.keys(scripts)).toContain(name);
});

/** Figures, examples and options are in docs/. */
test("the README is read in three minutes", () => {
  const prose = readme.replaceAll(/\]\([^)]*\)|[|`#*-]/g, " ");
  expect(prose.split(/\s+/).filter((word) => word !== "").length).toBeLessThanOrEqual(700);
});

test("every `npx --no-install trunkline` command in the README exists", () => {
  const known = spawnSync(process.execPath, ["cli/main.ts", "help"], { encoding: "utf8" }).stdout;
  const typed = [...readme.matchAll(/trunkline(?:\.mjs)? ([a-z]+)|^\| `([a-z]+)` \|/gm)].map(
    ([, name, row]) => name ?? row,
  );
  const commands = new Set(typed.filter((name) => name !== "help"));
  expect(commands.size).toBeGreaterThan(4);
  for (const name of commands) expect(known).toMatch(new RegExp(`trunkline ${name} `));
});
