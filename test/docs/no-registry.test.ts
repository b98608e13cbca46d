import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * `npx NAME` outside of a checkout asks the registry for NAME, and runs whatever somebody has published under it, with the keys of the
 * environment. With --no-install it ends instead.
 */
const ASKS = /\bnpx +(?!--no-install\b)[@a-z][^\n]*/g;
const NO_TEXT = /^(package-lock\.json$|sdks\/)|\.(png|wav|svg)$/;

test("nothing in any tracked file asks the registry for a program", () => {
  const files = execFileSync("git", ["ls-files"], { encoding: "utf8" }).trim().split("\n");
  const found = files
    .filter((file) => !NO_TEXT.test(file))
    .flatMap((file) => [...readFileSync(file, "utf8").matchAll(ASKS)].map(([line]) => `${file}: ${line.slice(0, 80)}`));
  expect(found).toEqual([]);
});

test("the check sees what it is for", () => {
  const command = ["npx", "trunkline drift"].join(" ");
  expect(command.match(ASKS)).not.toBeNull();
  expect("npx --no-install trunkline drift".match(ASKS)).toBeNull();
});
