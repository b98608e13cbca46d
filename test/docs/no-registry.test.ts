import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * `npx NAME` outside of a checkout asks the registry for NAME, and runs whatever somebody has published under it, with the keys of the
 * environment. With --no-install it ends instead. So do its sisters, which nothing here needs.
 */
const ASKS = new RegExp(
  [
    String.raw`\bnpx +(?!--no-install\b)[-@a-z][^\n]*`,
    String.raw`["']npx["'], *\[? *["'](?!--no-install\b)[^\n]*`,
    String.raw`\bnpm +(?:exec|x|init|create) +[-@a-z][^\n]*`,
    String.raw`\b(?:pnpx|bunx|pnpm +(?:dlx|create)|yarn +(?:dlx|create)|bun +(?:x|create)) +[-@a-z][^\n]*`,
  ].join("|"),
  "g",
);
/** The words of this check. */
const HERE = "test/docs/no-registry.test.ts";
const NO_TEXT = /^(package-lock\.json$|sdks\/)|\.(png|wav|svg)$/;

test("nothing in any tracked file asks the registry for a program", () => {
  const files = execFileSync("git", ["ls-files"], { encoding: "utf8" }).trim().split("\n");
  const found = files
    .filter((file) => file !== HERE && !NO_TEXT.test(file))
    .flatMap((file) => [...readFileSync(file, "utf8").matchAll(ASKS)].map(([line]) => `${file}: ${line.slice(0, 80)}`));
  expect(found).toEqual([]);
});

test.each([
  "npx trunkline drift",
  "npx -y trunkline drift",
  "npx --yes @trunkline/cli",
  "npx  trunkline",
  'spawn("npx", ["trunkline", "drift"])',
  'execFile("npx", "trunkline")',
  "npm exec trunkline -- drift",
  "npm x -- trunkline",
  "npm init trunkline",
  "npm create trunkline@latest",
  "pnpm dlx trunkline",
  "yarn dlx -q trunkline",
  "pnpx trunkline",
  "bunx trunkline",
  "bun x trunkline",
])("the check sees %s", (command) => expect(command.match(ASKS)).not.toBeNull());

test.each([
  "npx --no-install trunkline drift",
  'spawn("npx", ["--no-install", "trunkline"])',
  "npm ci",
  "npm run check",
])("and lets %s be", (command) => expect(command.match(ASKS)).toBeNull());
