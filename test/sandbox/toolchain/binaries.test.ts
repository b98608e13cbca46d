import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findOnPath, isAtLeast, which } from "../../../sandbox/toolchain/on-path.ts";
import { orOnPath, type ToolName, tool } from "../../../sandbox/toolchain/tools.ts";

let folder: string;
const path = process.env.PATH;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "trunkline-path-"));
  process.env.PATH = `${folder}:${path}`;
});
afterEach(() => {
  process.env.PATH = path;
  rmSync(folder, { recursive: true, force: true });
});

/** A stand-in on PATH that only knows its version. */
function install(name: string, says: string): string {
  const file = join(folder, name);
  writeFileSync(file, `#!/bin/sh\necho '${says}'\n`);
  chmodSync(file, 0o755);
  return file;
}

test.each([
  ["3.250.0", "v3.250.0", true],
  ["3.260.1", "v3.250.0", true],
  ["4.0.0", "v3.250.0", true],
  ["3.249.9", "v3.250.0", false],
  ["2.999.0", "v3.250.0", false],
  ["1.26", "1.26.0", true],
])("version %s is at least %s: %s", (have, want, expected) => {
  expect(isAtLeast(have, want)).toBe(expected);
});

test("a pulumi on PATH that is new enough is used", async () => {
  const file = install("pulumi", "v3.251.0");
  expect(await findOnPath(tool("pulumi"))).toBe(file);
});

test("an older pulumi on PATH is not used", async () => {
  install("pulumi", "v3.100.0");
  expect(await findOnPath(tool("pulumi"))).toBeUndefined();
});

test("a program that cannot say its version is not used", async () => {
  install("livekit-server", "no idea");
  expect(await findOnPath(tool("livekit-server"))).toBeUndefined();
});

test("a file that cannot be executed is no program", () => {
  writeFileSync(join(folder, "redis-server-of-nobody"), "");
  expect(which("redis-server-of-nobody")).toBeUndefined();
});

test("versions are pinned in one place, the go.mod files", () => {
  expect(tool("pulumi").version).toBe("v3.250.0");
  expect(tool("livekit-server").version).toBe("v1.13.5");
  expect(tool("livekit-sip").version).toMatch(/^v1\.8\.0-[0-9a-f]{8}$/); // with the edits of source-edits.ts
});

test.each<[ToolName, string]>([
  ["pulumi", ", or put pulumi v3.250.0 or newer on PATH"],
  ["livekit-server", ", or put livekit-server v1.13.5 or newer on PATH"],
  ["pulumi-language-nodejs", ", or put pulumi v3.250.0 or newer on PATH, with pulumi-language-nodejs beside it"],
  ["livekit-sip", ""],
  ["sip-edge", ""],
  ["routing-oracle", ""],
  ["actionlint", ""],
])("without Go the hint offers for %s only what is looked for", async (name, hint) => {
  expect(orOnPath(tool(name))).toBe(hint);
  install(name, "v99.0.0");
  const isTaken = (await findOnPath(tool(name))) !== undefined || tool(name).goesWith !== undefined;
  expect(isTaken).toBe(hint !== "");
});
