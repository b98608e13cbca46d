import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { parseSettings } from "../../infra/settings.ts";
import { findOrBuild } from "../../sandbox/toolchain/binaries.ts";

/** docs/DEPLOYMENT.md: none of it can be run without accounts, but every command has to exist as it is written. */

const guide = readFileSync("docs/DEPLOYMENT.md", "utf8");
const blocks = [...guide.matchAll(/(.*)\n```sh\n([\s\S]*?)\n```/g)].map(([, before = "", text = ""]) => ({
  before,
  text,
}));
const commands = blocks.flatMap(({ text }) => text.split("\n")).filter((line) => line.startsWith("pulumi "));

test("every block says why it is not run", () => {
  expect(blocks.length).toBeGreaterThan(2);
  for (const { before } of blocks) expect(before).toMatch(/^<!-- not run: .{10,} -->$/);
});

test.each(commands)("%s: the CLI has the command and its flags", async (line) => {
  const words = line.split(" ").slice(1);
  const verbs = words.slice(0, ["stack", "config"].includes(words[0] ?? "") ? 2 : 1);
  const { status, stdout } = spawnSync(await findOrBuild("pulumi"), [...verbs, "--help"], { encoding: "utf8" });
  expect(status).toBe(0);
  for (const flag of words.filter((word) => word.startsWith("--"))) expect(stdout).toContain(flag);
});

test.each([...guide.matchAll(/config set --secret (\w+)/g)].map(([, name = ""]) => name))(
  "the secret %s is a setting",
  (name) => {
    const reading = parseSettings({
      stack: "dev",
      config: { [name]: "x" },
      encrypted: new Set([name]),
      environment: {},
    });
    const problems = "problems" in reading ? reading.problems : [];
    expect(problems.length).toBeGreaterThan(0);
    expect(problems).not.toContain(`${name}: no such setting`);
  },
);
