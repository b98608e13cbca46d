import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OpenPaths } from "./open-paths.ts";

/** `npm run acceptance` as it is typed, on servers of its own: the script is proven before it meets an account. */

jest.setTimeout(240_000);

const folder = mkdtempSync(join(tmpdir(), "trunkline-acceptance-run-"));
/** A shell that lets everybody read what is written. */
const umask = process.umask(0);
afterAll(() => {
  process.umask(umask);
  rmSync(folder, { recursive: true, force: true });
});

interface Printed {
  ok: boolean;
  steps: { name: string; verdict: string; saw: string }[];
  verification: { kind: string; ok: boolean; checks: { check: string; verdict: string; saw: string }[] };
}

/** Everything temporary goes into a folder of the test's own. */
function acceptance(...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, ["cli/trunkline.mjs", "acceptance", ...args], {
    env: { ...process.env, TMPDIR: folder },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const shown = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk) => {
    shown.stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    shown.stderr += chunk;
  });
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, ...shown })));
}

test("sweep, up, verify, drift 0, destroy, nothing left: exit 0, and every promise about calls was seen kept", async () => {
  const paths = new OpenPaths(folder);
  const { code, stdout, stderr } = await acceptance("--json");
  const { open, seen } = paths.stop();
  const printed = JSON.parse(stdout || "{}") as Printed;
  const verdicts = printed.steps?.map(({ name, verdict, saw }) => [name, verdict, verdict === "ok" ? "" : saw]);
  expect({ verdicts, shown: verdicts ? "" : stderr }).toEqual({
    verdicts: ["sweep", "up", "verify", "drift", "destroy", "nothing left"].map((name) => [name, "ok", ""]),
    shown: "",
  });
  expect(code).toBe(0);
  expect(printed.steps[0]?.saw).toMatch(/removed .*"forgotten".*"trunkline-local"/);
  expect(printed.steps.at(-1)?.saw).toMatch(/^nothing of the stack; [3-9] objects of others are untouched/);
  expect(printed.verification.kind).toBe("sandbox");
  expect(printed.verification.checks.map(({ check, verdict }) => [check, verdict])).toEqual(
    ["answered", "greeting", "keys", "codec", "caller-hangs-up", "agent-hangs-up", "transfer", "fallback"].map(
      (check) => [check, "ok"],
    ),
  );
  expect(stderr).not.toMatch(/wh_secret_|LIVEKIT_API_SECRET=/);
  expect({ open, isMuch: seen > 20 }).toEqual({ open: [], isMuch: true });
  // The sandbox has taken its folder with it.
  expect(readdirSync(folder).filter((name) => name.startsWith("trunkline-stack-"))).toEqual([]);
});
