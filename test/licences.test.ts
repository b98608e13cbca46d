import { readFileSync } from "node:fs";

interface Entry {
  version?: string;
  license?: string;
  link?: boolean;
  dev?: boolean;
}

/** Licences that ask for no more than a notice; what only builds and tests may also have the others. */
const FREE = new Set(
  "MIT ISC Apache-2.0 BSD-2-Clause BSD-3-Clause 0BSD BlueOak-1.0.0 CC0-1.0 Unlicense Python-2.0 CC-BY-3.0 CC-BY-4.0 MIT-0 Zlib WTFPL".split(
    " ",
  ),
);

const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8")) as { packages: Record<string, Entry> };
const installed = Object.entries(packages).filter(([path, { link }]) => path.includes("node_modules/") && !link);

/** SPDX: of alternatives one is enough, of parts all are needed. */
function isFree(license: string): boolean {
  return license
    .replaceAll(/[()]/g, "")
    .split(" OR ")
    .some((choice) => choice.split(" AND ").every((part) => FREE.has(part.trim())));
}

/** Looked at one by one; a new one is looked at before it gets here. */
const KNOWN: Readonly<Record<string, RegExp>> = {
  "LGPL, loaded as libraries of their own, unchanged": /^@img\/sharp-|^@livekit\/av-/,
  "of LiveKit's agents framework; its models are used with LiveKit only": /^@livekit\/local-inference$/,
  "MIT by its LICENSE file, unnamed in package.json": /^(@logdna\/tail-file|async)$/,
};

test("every package that is deployed or run says its licence, and it asks for a notice only", () => {
  const others = installed
    .filter(([, { dev, license }]) => !dev && !isFree(license ?? "none"))
    .map(([path, { license = "none" }]) => ({ name: path.replace(/^.*node_modules\//, ""), license }))
    .filter(({ name }) => !Object.values(KNOWN).some((known) => known.test(name)));
  expect(others).toEqual([]);
});
