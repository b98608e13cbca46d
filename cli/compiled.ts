import { mkdirSync } from "node:fs";
import { enableCompileCache } from "node:module";
import { cacheFolder } from "../sandbox/root.ts";

/** Keeps what Node makes of the sources for the next start: half of the time of a short command. Where it cannot be written, nothing is kept. */
export function keepCompiled(): void {
  if (isThere(cacheFolder())) enableCompileCache(cacheFolder("compiled"));
}

/** One level only: where no folder can be made, such as in /proc, Node tries to make the one above for ever. */
function isThere(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EEXIST";
  }
}
