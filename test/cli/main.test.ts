import { spawnSync } from "node:child_process";
import { basename, join } from "node:path";
import { CLASHING, CLEAN, ProjectFiles } from "./projects.ts";

/** The program itself: exit codes, streams, and paths as they were typed. */

const files = new ProjectFiles();
afterAll(() => files.remove());

function trunkline(...args: string[]) {
  const env = { PATH: process.env.PATH };
  const run = spawnSync(process.execPath, [join(process.cwd(), "cli", "main.ts"), ...args], {
    cwd: files.folder,
    env,
    encoding: "utf8",
  });
  return { code: run.status, stdout: run.stdout, stderr: run.stderr };
}

test("exit code 0: nothing found; the file is looked for where the command was typed", () => {
  const file = basename(files.write(CLEAN));
  expect(trunkline("doctor", "--file", file)).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("No findings."),
  });
});

test("exit code 2: findings, on stdout, without colours when nobody sees them", () => {
  const { code, stdout, stderr } = trunkline("doctor", "--file", basename(files.write(CLASHING)));
  expect(code).toBe(2);
  expect(stdout).toContain("CALLS_CLASH");
  expect(stdout).not.toContain("\u001b[");
  expect(stderr).toBe("");
});

test("exit code 1: could not look; why and what to do on stderr", () => {
  const { code, stdout, stderr } = trunkline("doctor");
  expect(code).toBe(1);
  expect(stdout).toBe("");
  expect(stderr).toMatch(/^MISSING_SETTING: LIVEKIT_URL, LIVEKIT_API_KEY, LIVEKIT_API_SECRET not set\n {2}\S/);
});

test("help says what the exit codes mean", () => {
  expect(trunkline("explain", "--help")).toMatchObject({ code: 0, stdout: expect.stringContaining("Exit code: 0") });
});
