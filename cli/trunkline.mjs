#!/usr/bin/env node
// The way in, on any Node from 20 on and before any package is installed: installs the packages (Node 24 among them)
// when they are missing or others than the lockfile says, then goes on under Node 24 in main.ts.
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const OLDEST_NODE = 20;
const HEARTBEAT_MS = 3_000;
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const node24 = join(root, "node_modules", "node", "bin", "node");

function fail(code, what, hint) {
  process.stderr.write(`${code}: ${what}\n  ${hint}\n`);
  process.exit(1);
}

function packagesOf(lockfile) {
  try {
    return JSON.parse(readFileSync(join(root, lockfile), "utf8")).packages;
  } catch {
    return {};
  }
}

/** npm writes the inner lockfile last: an installation that was killed has none. */
function isInstalled() {
  const installed = packagesOf("node_modules/.package-lock.json");
  const wanted = Object.entries(packagesOf("package-lock.json"));
  const isThere = ([path, entry]) =>
    path === "" ||
    entry.optional ||
    entry.link ||
    !path.startsWith("node_modules/") ||
    installed[path]?.version === entry.version;
  return wanted.length > 0 && existsSync(node24) && wanted.every(isThere);
}

function run(command, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, ...options });
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
    child.once("error", reject);
    child.once("exit", (code, signal) => resolve({ code: code ?? 1, signal }));
  });
}

async function install() {
  const started = Date.now();
  const say = (text) => process.stderr.write(`${text}\n`);
  say("  … npm packages (Node 24 among them), about a minute when nothing is cached");
  const heartbeat = setInterval(
    () => say(`  … npm packages ${Math.round((Date.now() - started) / 1000)} s`),
    HEARTBEAT_MS,
  );
  const npm = process.env.npm_execpath ? [process.execPath, [process.env.npm_execpath]] : ["npm", []];
  const { code } = await run(npm[0], [...npm[1], "ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    stdio: ["ignore", 2, 2],
  })
    .catch(() =>
      fail("NPM_MISSING", "there is no npm on PATH", "Install npm, which comes with Node, then start again."),
    )
    .finally(() => clearInterval(heartbeat));
  if (code === 0 && !existsSync(node24))
    fail(
      "SCRIPTS_IGNORED",
      "npm ci has installed the packages without their scripts, and so without Node 24",
      "npm is configured with ignore-scripts. Run: npm ci --ignore-scripts=false",
    );
  if (code !== 0)
    fail(
      "NPM_FAILED",
      `npm ci ended with code ${code}`,
      "Its messages are above. Check that the npm registry can be reached, then start again.",
    );
  return { name: "npm packages", ms: Date.now() - started };
}

/** npm run through `kill -9` leaves its script behind as an orphan: it ends itself then. */
function endWithParent() {
  const parent = process.ppid;
  if (!process.env.npm_lifecycle_event) return;
  setInterval(() => process.ppid !== parent && process.kill(process.pid, "SIGTERM"), 500).unref();
}

if (Number(process.versions.node.split(".")[0]) < OLDEST_NODE)
  fail(
    "NODE_TOO_OLD",
    `Node ${process.versions.node} runs this`,
    `Install Node ${OLDEST_NODE} or newer; the project brings Node 24 itself.`,
  );
endWithParent();
const steps = isInstalled() ? [] : [await install()];
const environment = {
  ...process.env,
  TRUNKLINE_EARLIER_STEPS: JSON.stringify(steps),
  PATH: `${join(root, "node_modules", ".bin")}:${process.env.PATH}`,
};
const { code, signal } = await run(node24, [join(root, "cli", "main.ts"), ...process.argv.slice(2)], {
  stdio: "inherit",
  cwd: process.cwd(),
  env: environment,
});
process.exit(signal ? 1 : code);
