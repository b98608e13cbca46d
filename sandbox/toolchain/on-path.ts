import { execFile } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { withoutPulumiFlags } from "@trunkline/contract";
import type { Tool } from "./tools.ts";

const run = promisify(execFile);
const VERSION_LIMIT_MS = 10_000;

/** A program of this name on PATH, whatever its version. */
export function which(command: string, path = process.env.PATH ?? ""): string | undefined {
  return path
    .split(delimiter)
    .filter((folder) => folder && !folder.includes("node_modules"))
    .map((folder) => join(folder, command))
    .find(isExecutable);
}

/** The tool on PATH, if it is at least the pinned version (an older `pulumi` cannot read this project's options). */
export async function findOnPath(tool: Tool): Promise<string | undefined> {
  const path = tool.versionArgs && which(tool.name);
  if (!path || !tool.versionArgs) return undefined;
  const version = await versionOf(path, tool.versionArgs);
  return version && isAtLeast(version, tool.version) ? path : undefined;
}

async function versionOf(path: string, args: string[]): Promise<string | undefined> {
  try {
    const { stdout, stderr } = await run(path, args, {
      timeout: VERSION_LIMIT_MS,
      env: { ...withoutPulumiFlags(process.env), PULUMI_SKIP_UPDATE_CHECK: "true" },
    });
    return /\d+\.\d+\.\d+/.exec(stdout + stderr)?.[0];
  } catch {
    return undefined;
  }
}

/** Compares `1.13.5` with `v1.13.5`, field by field. */
export function isAtLeast(version: string, wanted: string): boolean {
  const [have, want] = [version, wanted].map((text) => text.replace(/^v/, "").split(".").map(Number));
  for (const [index, field] of (want ?? []).entries()) {
    const own = have?.[index] ?? 0;
    if (own !== field) return own > field;
  }
  return true;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
