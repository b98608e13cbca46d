import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { TarFile } from "./tar.ts";

/**
 * Every tracked file of a folder, with its path from the root. Installed packages, hidden files and documentation do not run.
 * @param keepsText Markdown may be read by what runs.
 */
export function sourcesIn(root: string, folder: string, tracked: ReadonlySet<string>, keepsText = false): TarFile[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    if (entry.name === "node_modules" || entry.name.startsWith(".") || (!keepsText && entry.name.endsWith(".md")))
      return [];
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return sourcesIn(root, path, tracked, keepsText);
    return entry.isFile() && tracked.has(path) ? [{ path, content: readFileSync(join(root, path)) }] : [];
  });
}

/** A workspace's package.json without what only development needs. */
export function runtimeManifest(file: TarFile): TarFile {
  const {
    devDependencies: _,
    scripts: __,
    ...manifest
  } = JSON.parse(file.content.toString()) as Record<string, unknown>;
  return jsonFile(file.path, manifest);
}

export function jsonFile(path: string, value: unknown): TarFile {
  return { path, content: Buffer.from(`${JSON.stringify(value, undefined, 2)}\n`) };
}

export function textFile(path: string, ...lines: string[]): TarFile {
  return { path, content: Buffer.from(`${lines.join("\n")}\n`) };
}
