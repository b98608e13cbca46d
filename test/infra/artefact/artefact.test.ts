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
});
afterEach(() => rmSync(copy, { recursive: true }));

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
  });

  test("is packed with its folder, texts too, and changes the build", () => {
    const { archive, buildHash } = buildArtefact("agent", copy, module);
    expect(listed(archive)).toEqual(expect.arrayContaining([module, "own/texts/task.md"]));
    expect(buildHash).not.toBe(build("agent").buildHash);
  });

  test("brings the packages of its package.json, when that is a workspace", () => {
    writeFileSync(join(copy, "own/package.json"), '{"name":"own","dependencies":{"fastify":"5.12.8"}}');
    expect(() => buildArtefact("agent", copy, module)).toThrow(
      'The lockfile knows no workspace "own": run npm install',
    );
    const lockfile = JSON.parse(readFileSync(join(copy, "package-lock.json"), "utf8"));
    lockfile.packages["node_modules/own"] = { resolved: "own", link: true };
    lockfile.packages.own = { dependencies: { fastify: "5.12.8" } };
    writeFileSync(join(copy, "package-lock.json"), JSON.stringify(lockfile));
    const { archive } = buildArtefact("agent", copy, module);
    const { packages } = JSON.parse(content(archive, "package-lock.json"));
    expect(packages).toHaveProperty(["node_modules/fastify"]);
    expect(JSON.parse(content(archive, "package.json")).workspaces).toContain("own");
  });
});
