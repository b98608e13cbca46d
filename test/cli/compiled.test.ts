import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folder = mkdtempSync(join(tmpdir(), "trunkline-compiled-"));
afterAll(() => rmSync(folder, { recursive: true }));

function run(cache: string) {
  const env = { PATH: process.env.PATH, XDG_CACHE_HOME: cache };
  const { status, stderr } = spawnSync(process.execPath, ["cli/main.ts", "doctor"], {
    env,
    encoding: "utf8",
    timeout: 15_000,
  });
  return { status, stderr: stderr.split(":")[0] };
}

test("what was compiled is kept for the next command", () => {
  expect(run(folder)).toEqual({ status: 1, stderr: "MISSING_SETTING" });
  expect(existsSync(join(folder, "trunkline", "compiled"))).toBe(true);
});

test.each(["/proc/none", "/etc/passwd", "/dev/null", join(folder, "a", "b")])(
  "a command does its work where nothing can be kept: %s",
  (cache) => {
    expect(run(cache)).toEqual({ status: 1, stderr: "MISSING_SETTING" });
  },
);
