import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { START_USAGE } from "../sandbox/start/options.ts";

const readme = readFileSync("README.md", "utf8");
const scripts = (JSON.parse(readFileSync("package.json", "utf8")) as { scripts: Record<string, string> }).scripts;

test("every option of `npm start --` is in the README, and no other", () => {
  const options = (text: string) => [...new Set(text.match(/--[a-z][a-z-]*/g))].sort();
  const section = readme.slice(readme.indexOf("| option of"), readme.indexOf("While it runs"));
  expect(options(section)).toEqual(options(START_USAGE.replace("npm start --", "")));
});

test("every npm command in the README exists", () => {
  const commands = [...readme.matchAll(/npm (?:run )?(start|test|[a-z]+:[a-z]+)/g)].map(([, name]) => name);
  expect(commands.length).toBeGreaterThan(1);
  for (const name of commands) expect(Object.keys(scripts)).toContain(name);
});

test("every folder the README points to exists", () => {
  for (const [, folder] of readme.matchAll(/^- `([a-z/]+)`/gm))
    expect(() => readFileSync(`${folder}/.`)).toThrow(/EISDIR/);
});

test("every `npx --no-install trunkline` command in the README exists", () => {
  const known = spawnSync(process.execPath, ["cli/main.ts", "help"], { encoding: "utf8" }).stdout;
  const commands = new Set([...readme.matchAll(/npx --no-install trunkline ([a-z]+)/g)].map(([, name]) => name));
  expect(commands.size).toBeGreaterThan(4);
  for (const name of commands) expect(known).toMatch(new RegExp(`trunkline ${name} `));
});
