import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Verification, verificationMarkdown, verificationText } from "../../../cli/verify/report.ts";
import { writeReport } from "../../../cli/verify/report-file.ts";
import { recordedIO } from "../recorded-io.ts";

const folder = mkdtempSync(join(tmpdir(), "trunkline-verified-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const verification: Verification = {
  stack: "team/trunkline/dev",
  kind: "live",
  writtenAt: new Date("2027-01-02T10:00:00Z"),
  number: "+493012345678",
  flow: "dial",
  build: "0123abcd",
  results: [
    { check: "answered", title: "answered by the agent", verdict: "ok", saw: "after 0.9 s", callId: "abc" },
    { check: "keys", title: "keys 0 * #", verdict: "failed", saw: "a | in it\nand a line", callId: "abc" },
    { check: "transfer", title: "transfer", verdict: "skipped", saw: "no number", callId: undefined },
  ],
};

test("goes to docs/verified, named by stack and date, as Markdown and as JSON", () => {
  const file = writeReport(verification, folder);
  expect(file).toBe(join(folder, "docs", "verified", "team-trunkline-dev-2027-01-02.md"));
  const json = JSON.parse(readFileSync(file.replace(".md", ".json"), "utf8"));
  expect(json).toMatchObject({
    format: "trunkline.verify/1",
    ok: false,
    kind: "live",
    flow: "dial",
    build: "0123abcd",
  });
  expect(json.checks.map(({ verdict }: { verdict: string }) => verdict)).toEqual(["ok", "failed", "skipped"]);
});

test("or where it was asked for, into a folder that is made", () => {
  const file = join(folder, "new", "report.md");
  expect(writeReport(verification, folder, file)).toBe(file);
  expect(existsSync(join(folder, "new", "report.json"))).toBe(true);
});

test("says of a broken promise what was seen, in a table that holds; of numbers the last digits only", () => {
  const text = verificationMarkdown(verification);
  expect(text).toContain("# team/trunkline/dev, 2027-01-02: not verified");
  expect(text).toContain("| keys 0 * # | NO | a `\\u{7c}` in `it\\nand` a line | `abc` |");
  expect(text).toContain("| transfer | not tried | no number | – |");
  expect(text).not.toContain("3012345678");
  expect(text).toContain("678");
});

test("the same on the terminal", () => {
  const text = verificationText(verification, recordedIO());
  expect(text).toMatch(/^NO +keys 0 \* #/m);
  expect(text).toContain("NOT verified");
});
