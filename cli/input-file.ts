import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";
import { shown } from "../providers/text/foreign.ts";
import { CliError } from "./errors.ts";

/** A LiveKit project of 10 000 objects is a tenth of it; a day of a busy service's log fits, too. */
export const MOST_BYTES = 64 * 1_024 * 1_024;
/** LiveKit's objects and Pulumi's states are less than 20 deep; what walks through a value does so by recursion. */
const DEEPEST = 100;

/**
 * A file that a user has named. Nothing else is opened for long: a FIFO waits for a writer that never comes, a device never ends.
 * @throws CliError BAD_FILE
 */
export function readInputFile(path: string): Buffer {
  let file: number | undefined;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    requireReadable(path, fstatSync(file));
    return readFileSync(file);
  } catch (error) {
    throw error instanceof CliError ? error : unreadable(path, reasonOf(error));
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function requireReadable(path: string, stat: ReturnType<typeof fstatSync>): void {
  if (stat.isDirectory()) throw unreadable(path, "it is a folder");
  if (!stat.isFile()) throw unreadable(path, "it is not a regular file");
  if (stat.size > MOST_BYTES) throw unreadable(path, `it is over ${MOST_BYTES / 1_024 / 1_024} MiB`);
}

/** Brackets and whole texts. A text that does not end goes to the end of the file, so that each character is looked at once. */
export function jsonTokens(json: string): Iterable<RegExpExecArray> {
  return json.matchAll(/"(?:[^"\\]|\\(?:.|$))*(?:"|$)|[{}[\]]/gs);
}

/** Whether brackets are so deep in one another that reading the value would end in a stack overflow. */
export function isTooDeep(json: string): boolean {
  let depth = 0;
  for (const [token] of jsonTokens(json)) {
    if (token === "{" || token === "[") depth += 1;
    else if (token === "}" || token === "]") depth -= 1;
    if (depth > DEEPEST) return true;
  }
  return false;
}

export const TOO_DEEP = `the value is more than ${DEEPEST} levels deep`;

export function unreadable(path: string, reason: string): CliError {
  return new CliError("BAD_FILE", `${shown(path)} cannot be read: ${reason}`, "Check the path.");
}

export function reasonOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : String(error);
}
