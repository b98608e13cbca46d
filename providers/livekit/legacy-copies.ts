import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import { messageOf, TrunklineError } from "../dynamic/errors.ts";
import type { Mark } from "../dynamic/marks.ts";

/** One removed object as it was: protobuf JSON, with whatever secrets it had. */
export interface Copy {
  id: string;
  kind: "inboundTrunk" | "dispatchRule";
  object: Record<string, unknown>;
}

const copySchema = z.object({
  id: z.string(),
  kind: z.enum(["inboundTrunk", "dispatchRule"]),
  object: z.record(z.string(), z.unknown()),
});
const fileSchema = z.object({ copies: z.array(copySchema) });

/**
 * The file that keeps a copy of all that a stack removed: `legacy-<project>-<stack>.json` in the work folder (TRUNKLINE_WORK_FOLDER, default
 * `.trunkline` beside Pulumi.yaml). For its owner only, since it holds the passwords of the removed trunks.
 */
function copiesFile(owner: Mark, environment: NodeJS.ProcessEnv = process.env, folder = process.cwd()): string {
  const workFolder = environment.TRUNKLINE_WORK_FOLDER || join(projectFolder(folder), ".trunkline");
  return join(workFolder, `legacy-${owner.project}-${owner.stack}.json`);
}

/**
 * Adds copies to the stack's file; one of an id that is in it already takes its place.
 * @throws COPY_NOT_WRITTEN.
 */
export function keepCopies(owner: Mark, copies: Copy[]): void {
  const path = copiesFile(owner);
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const before = readCopies(path).filter(({ id }) => !copies.some((copy) => copy.id === id));
    // Written beside it first: a crash never leaves half a file.
    writeFileSync(`${path}.new`, JSON.stringify({ copies: [...before, ...copies] }, null, 2), { mode: 0o600 });
    renameSync(`${path}.new`, path);
  } catch (cause) {
    throw new TrunklineError(
      "COPY_NOT_WRITTEN",
      `The copies of what is to be removed cannot be kept in ${path} (${messageOf(cause)}). Nothing was removed. Set TRUNKLINE_WORK_FOLDER to a folder that can be written, or move that file away.`,
    );
  }
}

function readCopies(path: string): Copy[] {
  if (statSync(path, { throwIfNoEntry: false }) === undefined) return [];
  return fileSchema.parse(JSON.parse(readFileSync(path, "utf8"))).copies;
}

/** Providers run in the folder of the program, which is somewhere below Pulumi.yaml. */
function projectFolder(folder: string): string {
  for (let current = folder; ; current = dirname(current)) {
    if (statSync(join(current, "Pulumi.yaml"), { throwIfNoEntry: false })) return current;
    if (dirname(current) === current) return folder;
  }
}
