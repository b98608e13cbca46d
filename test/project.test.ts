import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

/** What somebody who comes to this repository looks for. */

const manifest = (room: string) => JSON.parse(readFileSync(join(room, "package.json"), "utf8"));

test("the licence is in LICENSE, and every package names it", () => {
  expect(readFileSync("LICENSE", "utf8")).toMatch(/^\s*Apache License\s+Version 2\.0/);
  const rooms: string[] = manifest(".").workspaces;
  for (const room of [".", ...rooms]) expect([room, manifest(room).license]).toEqual([room, "Apache-2.0"]);
});

test("CODEOWNERS names what exists", () => {
  const lines = readFileSync(".github/CODEOWNERS", "utf8")
    .split("\n")
    .filter((line) => /^[^#]/.test(line));
  for (const [path = "", ...owners] of lines.map((line) => line.split(/\s+/))) {
    expect([path, path === "*" || existsSync(path.slice(1))]).toEqual([path, true]);
    expect(owners.join(" ")).toMatch(/^(@[a-z-]+(\/[a-z-]+)? ?)+$/);
  }
});

/** The schema of GitHub's issue forms, as far as these use it. */
test("every issue form says what it is for, and asks only what it can", () => {
  const folder = ".github/ISSUE_TEMPLATE";
  for (const file of readdirSync(folder).filter((name) => name !== "config.yml")) {
    const form = parse(readFileSync(join(folder, file), "utf8"));
    expect([file, Object.keys(form).sort()]).toEqual([file, ["body", "description", "labels", "name"]]);
    const asked = form.body.filter(({ type }: { type: string }) => type !== "markdown");
    const ids = asked.map(({ id }: { id: string }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { type, attributes } of asked) {
      expect(["textarea", "input", "dropdown"]).toContain(type);
      expect(attributes.label).toEqual(expect.any(String));
    }
  }
});
