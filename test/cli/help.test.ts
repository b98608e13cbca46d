import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { COMMANDS } from "../../cli/command-table.ts";
import { helpFor } from "../../cli/help.ts";

/** Asked what it does, no command does anything. */

const folder = mkdtempSync(join(tmpdir(), "trunkline-help-"));
afterAll(() => rmSync(folder, { recursive: true }));

function trunkline(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(process.cwd(), "cli", "main.ts"), ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH, TRUNKLINE_WORK_FOLDER: folder },
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

test("every command is in the table, with its help", async () => {
  const files = readdirSync("cli/commands").map((file) => basename(file, ".ts"));
  expect(Object.keys(COMMANDS).sort()).toEqual(files.sort());
  for (const name of files) expect([name, await helpFor(name)]).toEqual([name, expect.stringMatching(/^Usage: /)]);
});

/** Those that would set everything up, and one that would ask for its options. */
test.each(["start", "test", "drift"])("%s --help prints its help, and begins nothing", async (name) => {
  const help = await helpFor(name);
  for (const args of [
    [name, "--help"],
    [name, "--once", "-h"],
    ["help", name],
  ])
    expect(trunkline(...args)).toEqual({ status: 0, stdout: `${help}\n`, stderr: "" });
  expect(readdirSync(folder)).toEqual([]);
});

test("--version: the package's, and the Node that runs it", () => {
  const { version } = JSON.parse(readFileSync("cli/package.json", "utf8"));
  expect(trunkline("--version").stdout).toBe(`trunkline ${version} (Node ${process.versions.node})\n`);
});

test("an unknown command and an unknown option: what was probably meant", () => {
  expect(trunkline("drfit")).toMatchObject({ status: 1, stdout: "" });
  expect(trunkline("drfit").stderr).toMatch(/^USAGE: there is no command "drfit"; did you mean "drift"\?\n/);
  expect(trunkline("help", "tikcet").stderr).toMatch(/^USAGE: there is no command "tikcet"; did you mean "ticket"\?\n/);
  expect(trunkline("drift", "--stak", "dev").stderr).toMatch(
    /^USAGE: there is no option --stak; did you mean "--stack"\?\n/,
  );
});

/** Of a help in 300 ms most is Node's own start: what a busy machine cannot blur is which modules are loaded for it. */
test("help loads neither a command nor a package that is slow to load", () => {
  const loaded = spawnSync(process.execPath, ["-e", LOADED], { encoding: "utf8" }).stdout;
  expect(loaded).toContain("cli/help.ts");
  expect(loaded).not.toMatch(/cli\/commands\/|node_modules\/(@pulumi|livekit-server-sdk|@livekit)\//);
});

const LOADED = `
const { registerHooks } = require("node:module");
registerHooks({ load(url, context, next) { process.stdout.write(url + "\\n"); return next(url, context); } });
process.argv.splice(1, 0, "main.ts", "help");
import("./cli/main.ts");
`;
