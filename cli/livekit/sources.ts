import { readdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { CliError } from "../errors.ts";
import { readInput, reasonOf, unreadable } from "../input-file.ts";
import type { Source } from "./forms/read-forms.ts";

/** `--file -` */
export const STANDARD_INPUT = "-";
const JSON_FILE = /\.(json|jsonl|ndjson)$/i;

/**
 * The contents of files, of a folder's JSON files in the order of their names, and of standard input.
 * @throws CliError BAD_FILE
 */
export async function readSources(paths: readonly string[], input: () => Promise<Uint8Array>): Promise<Source[]> {
  const sources: Source[] = [];
  for (const path of [...new Set(paths)]) {
    if (path === STANDARD_INPUT) sources.push({ name: "standard input", bytes: await input() });
    else for (const file of filesAt(path)) sources.push({ name: basename(file), bytes: await readInput(file) });
  }
  return sources;
}

function filesAt(path: string): string[] {
  if (!statOf(path).isDirectory()) return [path];
  const files = readdirSync(path)
    .filter((name) => JSON_FILE.test(name))
    .sort();
  if (files.length === 0)
    throw new CliError("BAD_FILE", `The folder ${path} has no JSON file`, "Give a folder with .json files.");
  return files.map((name) => join(path, name));
}

function statOf(path: string) {
  try {
    return statSync(path);
  } catch (error) {
    throw unreadable(path, reasonOf(error));
  }
}
