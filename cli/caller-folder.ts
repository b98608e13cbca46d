import { resolve } from "node:path";

/** Read while modules are loaded: afterwards the CLI works in the checkout. */
const CALLER_FOLDER = process.cwd();

/** A path as the user gave it, relative to where the command was typed. */
export function userPath(path: string): string {
  return resolve(CALLER_FOLDER, path);
}
