import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { tarball } from "../../../infra/artefact/tar.ts";

const file = fc.record({
  path: fc.stringMatching(/^[a-z]{1,20}(\/[a-zA-Z0-9_.-]{1,20}x){0,3}$/),
  content: fc.uint8Array({ maxLength: 2_000 }).map((bytes) => Buffer.from(bytes)),
});
/** No two of the same path, and no file where another has its folder. */
const files = fc
  .uniqueArray(file, { selector: ({ path }) => path.split("/")[0], maxLength: 8, minLength: 1 })
  .filter((all) => all.length > 0);

function unpacked(archive: Buffer): Map<string, Buffer> {
  const folder = mkdtempSync(join(tmpdir(), "trunkline-tar-"));
  try {
    execFileSync("tar", ["xzf", "-", "-C", folder], { input: archive });
    const paths = readdirSync(folder, { recursive: true, encoding: "utf8" });
    const regular = paths.filter((path) => statSync(join(folder, path)).isFile());
    return new Map(regular.map((path) => [path, readFileSync(join(folder, path))]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("tar gets back out what was put in, and nothing else", () => {
  fc.assert(
    fc.property(files, (all) => {
      expect(unpacked(tarball(all))).toEqual(new Map(all.map(({ path, content }) => [path, content])));
    }),
    { numRuns: 30 },
  );
});

test("the order of the files makes no difference, one byte does", () => {
  const [a, b] = [
    { path: "a", content: Buffer.from("1") },
    { path: "b/c", content: Buffer.from("2") },
  ];
  expect(tarball([b, a])).toEqual(tarball([a, b]));
  expect(tarball([a, { ...b, content: Buffer.from("3") }])).not.toEqual(tarball([a, b]));
});

test("a path that the format cannot hold is refused", () => {
  expect(() => tarball([{ path: "x".repeat(101), content: Buffer.of() }])).toThrow("too long");
});
