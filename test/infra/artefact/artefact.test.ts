import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildArtefact, packArtefact } from "../../../infra/artefact/artefact.ts";
import { checkout } from "../../../sandbox/root.ts";

const SOURCES = ["package-lock.json", "contract", "service/middleware", "service/agent", "service/shared"];
const isSource = (path: string) => !path.includes("node_modules");

let copy: string;
beforeEach(() => {
  copy = mkdtempSync(join(tmpdir(), "trunkline-artefact-"));
  for (const path of SOURCES) cpSync(checkout(path), join(copy, path), { recursive: true, filter: isSource });
  track();
});
afterEach(() => rmSync(copy, { recursive: true }));

/** What git tracks is what it has in its index. */
function track(): void {
  for (const args of [
    ["init", "--quiet"],
    ["add", "--all"],
  ])
    execFileSync("git", ["-C", copy, ...args]);
}

const build = (service: "middleware" | "agent") => buildArtefact(service, copy);

function listed(archive: Buffer): string[] {
  return execFileSync("tar", ["tzf", "-"], { input: archive, encoding: "utf8" }).trim().split("\n");
}

function content(archive: Buffer, path: string): string {
  return execFileSync("tar", ["xzOf", "-", path], { input: archive, encoding: "utf8" });
}

test("the same sources make the same archive, wherever and whenever they were checked out", () => {
  utimesSync(join(copy, "service/middleware/main.ts"), 1_000, 1_000);
  expect(build("middleware")).toEqual(buildArtefact("middleware", checkout()));
});

test("a changed file of one service is a new build of that service alone; one of service/shared or contract of both", () => {
  const before = [build("middleware").buildHash, build("agent").buildHash];
  writeFileSync(join(copy, "service/middleware/main.ts"), "// changed\n");
  const after = [build("middleware").buildHash, build("agent").buildHash];
  expect(after[0]).not.toBe(before[0]);
  expect(after[1]).toBe(before[1]);
  writeFileSync(join(copy, "service/shared/names.ts"), "// changed\n");
  const shared = build("agent").buildHash;
  expect(shared).not.toBe(before[1]);
  writeFileSync(join(copy, "contract/index.ts"), "// changed\n");
  expect(build("agent").buildHash).not.toBe(shared);
});

test.each(["middleware", "agent"] as const)("%s: holds what runs there, and nothing else", (service) => {
  const { archive, buildHash } = build(service);
  const folders = new Set(
    listed(archive).map((path) =>
      path
        .split("/")
        .slice(0, path.startsWith("service/") ? 2 : 1)
        .join("/"),
    ),
  );
  expect([...folders].sort()).toEqual(
    [
      "BUILD_HASH",
      "Procfile",
      "contract",
      "package-lock.json",
      "package.json",
      `service/${service}`,
      "service/shared",
    ].sort(),
  );
  expect(content(archive, "BUILD_HASH")).toBe(`${buildHash}\n`);
  expect(content(archive, "Procfile")).toMatch(/^release: .*release\.ts$/m);
  const installed = Object.keys(JSON.parse(content(archive, "package-lock.json")).packages);
  expect(installed.filter((path) => /@pulumi|\/jest|@jambonz|biome/.test(path))).toEqual([]);
  expect(archive.includes(process.cwd())).toBe(false);
  expect(archive.includes(copy)).toBe(false);
});

test("the path is relative to where the program runs, so that no path of this machine gets into the state", () => {
  expect(packArtefact("agent").path).toBe(".trunkline/artefacts/agent.tgz");
});

describe("a module of the user's", () => {
  const module = "own/agent.ts";
  beforeEach(() => {
    mkdirSync(join(copy, "own/texts"), { recursive: true });
    writeFileSync(join(copy, module), "export default {};\n");
    writeFileSync(join(copy, "own/texts/task.md"), "Sell.\n");
    track();
  });

  test("is packed with its folder, texts too, and changes the build", () => {
    const { archive, buildHash } = buildArtefact("agent", copy, { module });
    expect(listed(archive)).toEqual(expect.arrayContaining([module, "own/texts/task.md"]));
    expect(buildHash).not.toBe(build("agent").buildHash);
  });

  test("brings the packages of its package.json, when that is a workspace", () => {
    writeFileSync(join(copy, "own/package.json"), '{"name":"own","dependencies":{"fastify":"5.12.8"}}');
    track();
    expect(() => buildArtefact("agent", copy, { module })).toThrow(
      'The lockfile knows no workspace "own": run npm install',
    );
    const lockfile = JSON.parse(readFileSync(join(copy, "package-lock.json"), "utf8"));
    lockfile.packages["node_modules/own"] = { resolved: "own", link: true };
    lockfile.packages.own = { dependencies: { fastify: "5.12.8" } };
    writeFileSync(join(copy, "package-lock.json"), JSON.stringify(lockfile));
    const { archive } = buildArtefact("agent", copy, { module });
    const { packages } = JSON.parse(content(archive, "package-lock.json"));
    expect(packages).toHaveProperty(["node_modules/fastify"]);
    expect(JSON.parse(content(archive, "package.json")).workspaces).toContain("own");
  });
});

describe("what lies beside the sources", () => {
  const lay = (path: string, content: string) => writeFileSync(join(copy, path), content);

  test("is not uploaded when git does not track it", () => {
    const before = build("middleware").archive;
    lay("service/middleware/key.pem", "-----BEGIN PRIVATE KEY-----");
    lay("service/middleware/env.local", "LIVEKIT_API_SECRET=0123456789abcdef0123");
    lay("service/shared/notes.ts", "// mine");
    expect(build("middleware").archive.equals(before)).toBe(true);
  });

  test.each([
    ["service/middleware/key.pem", "anything"],
    ["service/shared/env.local", "A=b"],
    ["service/middleware/tls.ts", "const key = `-----BEGIN RSA PRIVATE KEY-----`;"],
    ["contract/names.ts", `const secret = "wh_secret_${"a1".repeat(12)}";`],
    ["service/middleware/cloud.ts", `const id = "AKIA${"ABCD".repeat(4)}";`],
  ])("%s is refused by name when git tracks it, without what is in it", (path, content) => {
    lay(path, content);
    track();
    expect(() => build("middleware")).toThrow(new RegExp(`^${path} has .*Nothing was packed`));
    expect(() => build("middleware")).not.toThrow(content);
  });

  test("outside of git only what a written list names is uploaded; without a list nothing", () => {
    const before = build("agent").archive;
    const list = execFileSync("git", ["-C", copy, "ls-files"], { encoding: "utf8" });
    rmSync(join(copy, ".git"), { recursive: true });
    expect(() => build("agent")).toThrow("is no git repository and has no artefact-files.txt");
    lay("artefact-files.txt", list);
    lay("service/agent/key.pem", "secret");
    expect(build("agent").archive.equals(before)).toBe(true);
  });
});
