import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OpenPaths } from "./open-paths.ts";

/**
 * `trunkline verify --stack local` as it is typed. The same test calls run in test/start/acceptance.test.ts every time: this one,
 * a minute, is for the command itself and the other flow (TRUNKLINE_LONG_TESTS).
 */

jest.setTimeout(240_000);

const folder = mkdtempSync(join(tmpdir(), "trunkline-verify-"));
/** A shell that lets everybody read what is written. */
const umask = process.umask(0);
afterAll(() => {
  process.umask(umask);
  rmSync(folder, { recursive: true, force: true });
});

const whenLong = process.env.TRUNKLINE_LONG_TESTS ? test : test.skip;

whenLong("every promise is seen kept in the flow dial, and the report says so", async () => {
  const report = join(folder, "report.md");
  const args = ["verify", "--stack", "local", "--flow", "dial", "--report", report];
  const paths = new OpenPaths(folder);
  const child = spawn(process.execPath, ["cli/trunkline.mjs", ...args], {
    env: { ...process.env, TMPDIR: folder },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const code = await new Promise((resolve) => child.once("close", resolve));
  const { open, seen } = paths.stop();
  expect({ open, isMuch: seen > 20 }).toEqual({ open: [], isMuch: true });
  expect(code).toBe(0);
  expect(JSON.parse(readFileSync(report.replace(".md", ".json"), "utf8"))).toMatchObject({ ok: true, flow: "dial" });
  expect(readFileSync(report, "utf8")).toContain("| answered by the agent | yes |");
});
