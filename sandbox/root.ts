import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** The checkout: the current directory. The CLI changes into it first, jest runs in it. */
export function checkout(...parts: string[]): string {
  const root = process.cwd();
  if (!existsSync(join(root, "Pulumi.yaml"))) throw new Error(`${root} is not a Trunkline checkout (no Pulumi.yaml)`);
  return join(root, ...parts);
}

/** The ignored work folder of this checkout: state, logs, recordings. `TRUNKLINE_WORK_FOLDER` puts it elsewhere, so that tests can run beside a start. */
export function workFolder(...parts: string[]): string {
  return join(process.env.TRUNKLINE_WORK_FOLDER || checkout(".trunkline"), ...parts);
}

/** The per-user cache, shared by all checkouts: built binaries. `XDG_CACHE_HOME`, else `~/.cache`. */
export function cacheFolder(...parts: string[]): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "trunkline", ...parts);
}
