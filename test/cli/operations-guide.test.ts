import { readFileSync } from "node:fs";
import { parseCodecOptions } from "../../cli/codecs/options.ts";
import { parseDoctorOptions } from "../../cli/doctor/options.ts";
import { parseDriftOptions } from "../../cli/drift/options.ts";
import { parseExplainOptions } from "../../cli/explain/options.ts";
import { parseLeaveOptions } from "../../cli/leave/options.ts";
import { parseRestoreOptions } from "../../cli/restore/options.ts";
import { parseTicketOptions } from "../../cli/ticket/options.ts";

/** docs/OPERATIONS.md: what people type when something is down has to be right. */

const guide = readFileSync("docs/OPERATIONS.md", "utf8");
const PARSERS: Record<string, (args: string[]) => unknown> = {
  codecs: parseCodecOptions,
  doctor: parseDoctorOptions,
  drift: parseDriftOptions,
  explain: parseExplainOptions,
  leave: parseLeaveOptions,
  restore: parseRestoreOptions,
  ticket: parseTicketOptions,
};

/** As they stand in blocks and in the text; `env` takes nothing. */
const commands = [...guide.matchAll(/npx --no-install trunkline (?!env\b)(\w+)([^`\n(;]*)/g)].map(
  ([, name = "", args = ""]) => ({
    name,
    args,
  }),
);

test.each(commands)("npx --no-install trunkline $name$args", ({ name, args }) => {
  expect(Object.keys(PARSERS)).toContain(name);
  expect(() => PARSERS[name]?.(args.split(" ").filter(Boolean))).not.toThrow();
});

test("every other command in a block says why it cannot be run here", () => {
  const blocks = [...guide.matchAll(/(.*)\n```sh\n([\s\S]*?)\n```/g)];
  const others = blocks.filter(([, , text = ""]) => /^(?!npx --no-install trunkline )/m.test(text));
  expect(others.length).toBeGreaterThan(2);
  for (const [, before] of others) expect(before).toMatch(/^<!-- not run: .{10,} -->$/);
});

test.each([
  "503 Try again later",
  "503 Service temporarily unavailable",
  "503 cpu exhausted",
  "`404`",
  "`480`",
  "`486`",
  "`487`",
  "no audio",
  "agent missing",
])("has a cure for: %s", (symptom) => {
  const symptoms = guide.slice(0, guide.indexOf("\n## Why a call did not reach its agent"));
  const rows = symptoms.split("\n").filter((line) => line.startsWith("|") && line.includes(symptom));
  expect(rows.length).toBeGreaterThan(0);
  for (const row of rows)
    expect(
      row
        .split("|")
        .map((cell) => cell.trim())
        .slice(1, -1),
    ).toEqual([
      expect.stringMatching(/./),
      expect.stringMatching(/./),
      expect.stringMatching(/./),
      expect.stringMatching(/./),
    ]);
});
