import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { parseCodecOptions } from "../../cli/codecs/options.ts";
import { ROWS } from "../../cli/codecs/rows.ts";
import { parseDriftOptions } from "../../cli/drift/options.ts";
import { parseSettings } from "../../infra/settings.ts";

/**
 * docs/CODEC_TEST_CHECKLIST.md, docs/SCHMIDTKOM_CODEC_FIX.md. Their rows are all run on real servers in
 * test/cli/commands/codecs.test.ts; here, that what people type is what there is.
 */

const PARSERS: Record<string, (args: string[]) => unknown> = { codecs: parseCodecOptions, drift: parseDriftOptions };
const guides = ["docs/CODEC_TEST_CHECKLIST.md", "docs/SCHMIDTKOM_CODEC_FIX.md"].map((path) => ({
  path,
  text: readFileSync(path, "utf8"),
}));
const checklist = guides[0]?.text ?? "";

describe.each(guides)("$path", ({ text }) => {
  const blocks = [...text.matchAll(/(.*)\n```sh\n([\s\S]*?)\n```/g)].map(([, before = "", commands = ""]) => ({
    before,
    lines: commands.split("\n"),
  }));
  const isRun = (before: string) => !before.startsWith("<!-- not run: ");

  test.each(
    [...text.matchAll(/npx --no-install trunkline (\w+)([^`\n]*)/g)].map(
      ([, name = "", args = ""]) => [name, args] as const,
    ),
  )("npx --no-install trunkline %s%s", (name, args) => {
    expect(Object.keys(PARSERS)).toContain(name);
    expect(() => PARSERS[name]?.(args.split(" ").filter(Boolean))).not.toThrow();
  });

  test("what is run needs no account; all else says why it is not run", () => {
    expect(blocks.filter(({ before }) => isRun(before)).length).toBeGreaterThan(0);
    for (const { before, lines } of blocks)
      for (const line of lines)
        if (isRun(before)) expect(line).toMatch(/^npx --no-install trunkline codecs(?!.*--stack)/);
        else expect(before).toMatch(/^<!-- not run: .{10,} -->$/);
  });
});

test("the check list has every row, and no other", () => {
  const cells = checklist.split("\n").filter((line) => line.startsWith("| `"));
  const named = cells.flatMap((line) => [...(line.split("|")[1] ?? "").matchAll(/`([^`]+)`/g)].map(([, name]) => name));
  expect(named.sort()).toEqual(ROWS.map(({ name }) => name).sort());
  for (const line of cells)
    expect(
      line
        .split("|")
        .slice(1, -1)
        .every((cell) => cell.trim() !== ""),
    ).toBe(true);
});

test("the setting is one, as it stands there", () => {
  const block = /```yaml\n([\s\S]*?)\n```/.exec(guides[1]?.text ?? "")?.[1] ?? "";
  const { "trunkline:media": media } = parse(block) as { "trunkline:media": object };
  const reading = parseSettings({
    stack: "dev",
    config: {
      livekitUrl: "wss://dev.livekit.cloud",
      sbcAddress: "sbc.example.com",
      presentedNumbers: '["+49 30 123456"]',
      sipUsername: "livekit",
      sipPassword: "password-of-sip",
      jambonzWebhookSecret: "secret-of-jambonz",
      media: JSON.stringify(media),
    },
    encrypted: new Set(["sipPassword", "jambonzWebhookSecret"]),
    environment: { LIVEKIT_API_KEY: "key", LIVEKIT_API_SECRET: "secret" },
  });
  expect(reading).toMatchObject({ settings: { media: { codecs: ["PCMA/8000"], onlyListedCodecs: true } } });
});
