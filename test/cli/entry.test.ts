import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** cli/trunkline.mjs in a checkout whose packages are not installed, and cannot be. */

const folder = mkdtempSync(join(tmpdir(), "trunkline-entry-"));

beforeAll(() => {
  mkdirSync(join(folder, "cli"));
  cpSync("cli/trunkline.mjs", join(folder, "cli", "trunkline.mjs"));
  const lock = { packages: { "node_modules/any": { version: "1.0.0" } } };
  writeFileSync(join(folder, "package-lock.json"), JSON.stringify(lock));
});
afterAll(() => rmSync(folder, { recursive: true }));

function start(environment: NodeJS.ProcessEnv) {
  const { status, stderr } = spawnSync(process.execPath, ["cli/trunkline.mjs", "drift"], {
    cwd: folder,
    env: environment,
    encoding: "utf8",
  });
  expect(stderr).not.toMatch(/^\s+at /m);
  return { status, stderr };
}

/** An npm that ends like this. */
function npm(code: number): string {
  const file = join(folder, `npm-${code}.cjs`);
  writeFileSync(file, `process.exit(${code});`);
  return file;
}

test("npm that is configured with ignore-scripts installs no Node 24: says so", () => {
  const { status, stderr } = start({ npm_execpath: npm(0) });
  expect(status).toBe(1);
  expect(stderr).toContain("SCRIPTS_IGNORED: npm ci has installed the packages without their scripts");
  expect(stderr).toContain("npm ci --ignore-scripts=false");
});

test("npm that fails: says so", () => {
  expect(start({ npm_execpath: npm(7) }).stderr).toContain("NPM_FAILED: npm ci ended with code 7");
});

test("no npm: says so", () => {
  expect(start({ PATH: "/nowhere" }).stderr).toContain("NPM_MISSING: there is no npm on PATH");
});
