import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Where there is no git: the paths of all files that may be packed, one a line, as `git ls-files` prints them. */
const WRITTEN_LIST = "artefact-files.txt";

/**
 * The paths, from the root, of the files that may leave this machine: those that git tracks, or that a written list names. A key or an
 * `.env` that lies beside the sources is in neither.
 */
export function trackedFiles(root: string): ReadonlySet<string> {
  return new Set(fromGit(root) ?? fromList(root));
}

function fromGit(root: string): string[] | undefined {
  try {
    const stdio: ["ignore", "pipe", "ignore"] = ["ignore", "pipe", "ignore"];
    const output = execFileSync("git", ["-C", root, "ls-files", "-z"], { encoding: "utf8", stdio, maxBuffer: 64e6 });
    return output.split("\0").filter((path) => path !== "");
  } catch {
    return undefined; // no git, or no repository of it
  }
}

function fromList(root: string): string[] {
  const file = join(root, WRITTEN_LIST);
  if (existsSync(file)) return readFileSync(file, "utf8").split(/\r?\n/);
  throw new Error(
    `${root} is no git repository and has no ${WRITTEN_LIST}: what may be uploaded is not known. Write it where git is: git ls-files > ${WRITTEN_LIST}`,
  );
}
