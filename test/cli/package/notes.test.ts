import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { releaseNotes, versionOf } from "../../../cli/package/notes.ts";

/** A copy of what changesets reads, and its real `version`. */
const folder = mkdtempSync(join(tmpdir(), "trunkline-release-"));
const { workspaces } = JSON.parse(readFileSync("package.json", "utf8")) as { workspaces: string[] };
const file = (...parts: string[]) => join(folder, ...parts);

beforeAll(() => {
  for (const room of [".", ...workspaces]) {
    mkdirSync(file(room), { recursive: true });
    cpSync(join(room, "package.json"), file(room, "package.json"));
  }
  cpSync("package-lock.json", file("package-lock.json")); // says which package manager it is
  mkdirSync(file(".changeset"));
  cpSync(".changeset/config.json", file(".changeset", "config.json"));
  const packages = ['"@trunkline/providers": minor', '"trunkline": minor'].join("\n");
  writeFileSync(file(".changeset", "some-change.md"), `---\n${packages}\n---\n\nTrunks can be told apart.\n`);
  symlinkSync(join(process.cwd(), "node_modules"), file("node_modules"));
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=test", "-c", "user.email=test@example.com", ...args], { cwd: folder });
  writeFileSync(file(".gitignore"), "node_modules\n");
  git("init", "--quiet", "--initial-branch=main");
  git("add", ".");
  git("commit", "--quiet", "--message=Begin");
  execFileSync(process.execPath, ["node_modules/@changesets/cli/bin.js", "version"], { cwd: folder });
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true }));

test("all packages get one version, and the notes of its tag tell each change once", () => {
  const versions = workspaces.map((room) => JSON.parse(readFileSync(file(room, "package.json"), "utf8")).version);
  expect(new Set(versions).size).toBe(1);
  const notes = releaseNotes(folder, `v${versionOf(folder)}`);
  expect(notes.match(/Trunks can be told apart\./g)).toHaveLength(1);
  expect(notes).not.toContain("Updated dependencies");
});

test("a tag that is not the packages' version is refused, and so is a version without a changelog", () => {
  expect(() => releaseNotes(folder, "v99.0.0")).toThrow("The tag is v99.0.0, the packages' version is 0.2.0");
  for (const room of workspaces) rmSync(file(room, "CHANGELOG.md"), { force: true });
  expect(() => releaseNotes(folder, "v0.2.0")).toThrow("No changelog has a section for 0.2.0");
});
