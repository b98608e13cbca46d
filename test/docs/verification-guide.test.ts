import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAcceptanceOptions } from "../../cli/acceptance/options.ts";
import { parseVerifyOptions } from "../../cli/verify/options.ts";
import { REPORTS_FOLDER } from "../../cli/verify/report-file.ts";

/** docs/VERIFICATION.md: `npm run acceptance` itself runs in test/start/acceptance.test.ts, and the test calls of `verify` in it. */

const guide = readFileSync("docs/VERIFICATION.md", "utf8");
const readme = readFileSync("README.md", "utf8");
const blocks = [...guide.matchAll(/(.*)\n```sh\n([\s\S]*?)\n```/g)].map(([, before = "", text = ""]) => ({
  before,
  lines: text.split("\n"),
}));

const PARSERS: readonly [start: string, parse: (args: string[]) => unknown][] = [
  ["npx --no-install trunkline verify ", parseVerifyOptions],
  ["npm run acceptance", parseAcceptanceOptions],
];

test.each(blocks.flatMap(({ lines }) => lines).filter((line) => !line.startsWith("pulumi ")))("%s", (line) => {
  const [start, parse] = PARSERS.find(([command]) => line.startsWith(command)) ?? ["", undefined];
  const args = line.slice(start.length).replace(/^ -- /, "").split(" ").filter(Boolean);
  expect(parse).toBeDefined();
  expect(() => parse?.(args)).not.toThrow();
});

test("what needs an account says why it is not run, everything else does not", () => {
  const needsAccount = ({ lines }: { lines: string[] }) => lines.some((line) => /--number/.test(line));
  for (const block of blocks) {
    if (needsAccount(block)) expect(block.before).toMatch(/^<!-- not run: .{10,} -->$/);
    else expect(block.before).toBe("");
  }
  expect(blocks.filter(needsAccount)).toHaveLength(2);
});

test("the npm script exists", () => {
  const { scripts } = JSON.parse(readFileSync("package.json", "utf8")) as { scripts: Record<string, string> };
  expect(scripts.acceptance).toBe("node cli/trunkline.mjs acceptance");
});

/** Reports of test calls on a live stack that broke no promise. */
function liveReports(): string[] {
  if (!existsSync(REPORTS_FOLDER)) return [];
  const reports = readdirSync(REPORTS_FOLDER).filter((name) => name.endsWith(".json"));
  return reports.filter((name) => {
    const { kind, ok } = JSON.parse(readFileSync(join(REPORTS_FOLDER, name), "utf8")) as Record<string, unknown>;
    return kind === "live" && ok === true;
  });
}

test("the README says `not yet on jambonz.cloud` exactly as long as no report of a live stack is there", () => {
  expect(/not yet on jambonz\.cloud/i.test(readme)).toBe(liveReports().length === 0);
});
