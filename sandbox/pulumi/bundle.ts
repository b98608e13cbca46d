import { copyFileSync, existsSync, linkSync, mkdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/**
 * Puts the CLI and its plugins into one folder, where it takes them for its own: found on PATH instead, each would be
 * a warning in every run. A CLI that already has its language host beside it (an installed one) stays where it is.
 * @returns the path of the CLI to use.
 */
export function bundlePulumi(folder: string, pulumi: string, plugins: string[]): string {
  if (existsSync(join(dirname(pulumi), "pulumi-language-nodejs"))) return pulumi;
  mkdirSync(folder, { recursive: true });
  for (const file of [pulumi, ...plugins]) place(file, join(folder, basename(file)));
  return join(folder, basename(pulumi));
}

function place(file: string, target: string): void {
  if (existsSync(target)) return;
  try {
    linkSync(file, target);
  } catch {
    copyFileSync(file, target); // another file system
  }
}
