// What Pulumi starts, on any Node: the program itself is TypeScript, which Node runs from version 24 on.
import { existsSync } from "node:fs";
import { RunError } from "@pulumi/pulumi";

const OLDEST_NODE = 24;
const HEROKU_SDK = new URL("../node_modules/@pulumi/heroku/bin/index.js", import.meta.url);

function requireNode(version) {
  if (Number(version.split(".")[0]) >= OLDEST_NODE) return;
  throw new RunError(
    `NODE_TOO_OLD: Pulumi found Node ${version} on PATH, and this program needs Node ${OLDEST_NODE}. The checkout brings one: export PATH="$PWD/node_modules/node/bin:$PATH"`,
  );
}

/** The generated SDK compiles itself when it is installed. */
function requireScripts() {
  if (existsSync(HEROKU_SDK)) return;
  throw new RunError(
    "PACKAGES_INCOMPLETE: the packages were installed without their scripts, or not at all. Run: npm ci --ignore-scripts=false",
  );
}

export default async function program() {
  requireNode(process.versions.node);
  requireScripts();
  const outputs = await import("./index.ts");
  // Pulumi warns of every output that a stack does not have.
  return Object.fromEntries(Object.entries(outputs).filter(([, value]) => value !== undefined));
}
