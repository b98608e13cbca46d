import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { stateFolder } from "./state.ts";

/** Where the file backend of the stack `local` keeps its state and its locks (pulumi pkg/backend/diy). */
const backend = (...parts: string[]) => stateFolder("pulumi", "state", ".pulumi", ...parts);

/** Names the last deployment of the stack `local` that has ended; "none" before the first, undefined while one runs. */
export function lastDeployment(): string | undefined {
  if (filesIn(backend("locks")).length > 0) return undefined;
  const stack = filesIn(backend("stacks")).find((file) => file.endsWith("local.json"));
  return stack === undefined ? "none" : String(statSync(stack).mtimeMs);
}

function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
