import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What every package shares: the version (`fixed` in .changeset/config.json). */
export function versionOf(checkout: string): string {
  return (JSON.parse(readFileSync(join(checkout, "providers", "package.json"), "utf8")) as { version: string }).version;
}

/**
 * The notes of a version, from the changelogs that `changeset version` has written, each change once.
 * @throws when the tag is not that of the packages' version, or no changelog tells about it
 */
export function releaseNotes(checkout: string, tag: string): string {
  const version = versionOf(checkout);
  if (tag !== `v${version}`) throw new Error(`The tag is ${tag}, the packages' version is ${version}`);
  const { workspaces } = JSON.parse(readFileSync(join(checkout, "package.json"), "utf8")) as { workspaces: string[] };
  const sections = workspaces.flatMap((room) => sectionsOf(join(checkout, room, "CHANGELOG.md"), version));
  if (sections.length === 0)
    throw new Error(`No changelog has a section for ${version}. Run: npx --no-install changeset version`);
  return `${[...new Set(sections)].join("\n")}\n`;
}

/** The changes of one version: `- …`, with the lines that belong to each. Updates of each other's versions tell nobody anything. */
function sectionsOf(file: string, version: string): string[] {
  if (!existsSync(file)) return [];
  const [, section = ""] = readFileSync(file, "utf8").split(`\n## ${version}\n`);
  const [changes = ""] = section.split(/\n## /);
  return changes
    .split(/\n(?=- |### )/)
    .map((change) => change.trim())
    .filter((change) => change.startsWith("- ") && !change.startsWith("- Updated dependencies"));
}
