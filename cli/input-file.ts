import { closeSync, constants, fstatSync, openSync, readFileSync, readSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { isatty } from "node:tty";
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

/** A pipe whose writer has not come, and one whose writer neither writes nor ends, are not waited for longer. */
const WRITER_COMES_WITHIN_MS = 2_000;
const WRITER_ENDS_WITHIN_MS = 30_000;
const INTERVAL_MS = 20;
const CHUNK_BYTES = 65_536;

/**
 * The same, and what a shell puts in a file's place: a pipe (`<(lk …)`), /dev/null. As long as a file may be, and in limited time.
 * @throws CliError BAD_FILE
 */
export async function readInput(path: string): Promise<Buffer> {
  let file: number | undefined;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = fstatSync(file);
    if (isatty(file)) throw unreadable(path, "it is a terminal");
    if (stat.isFIFO() || stat.isCharacterDevice()) return await drain(path, file, stat.isFIFO());
    requireReadable(path, stat);
    return readFileSync(file);
  } catch (error) {
    throw error instanceof CliError ? error : unreadable(path, reasonOf(error));
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** Asked again and again instead of waited for: a waiting read could not be ended. */
async function drain(path: string, file: number, isPipe: boolean): Promise<Buffer> {
  const started = performance.now();
  const chunks: Buffer[] = [];
  let bytes = 0;
  for (;;) {
    const chunk = readSome(file);
    const waitedMs = performance.now() - started;
    if (waitedMs > WRITER_ENDS_WITHIN_MS)
      throw unreadable(path, `it has not ended within ${WRITER_ENDS_WITHIN_MS / 1_000} s`);
    const mayStillBegin = isPipe && bytes === 0 && waitedMs < WRITER_COMES_WITHIN_MS;
    if (chunk?.length === 0 && !mayStillBegin) return Buffer.concat(chunks);
    if (chunk === undefined || chunk.length === 0) await pause(INTERVAL_MS);
    else chunks.push(chunk);
    bytes += chunk?.length ?? 0;
    if (bytes > MOST_BYTES) throw tooLong(path);
  }
}

/** Empty at the end, and where nobody writes; undefined: nothing yet. */
function readSome(file: number): Buffer | undefined {
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  try {
    return chunk.subarray(0, readSync(file, chunk));
  } catch (error) {
    if (reasonOf(error) === "EAGAIN") return undefined;
    throw error;
  }
}

function tooLong(path: string): CliError {
  return unreadable(path, `it is over ${MOST_BYTES / 1_024 / 1_024} MiB`);
}

function requireReadable(path: string, stat: ReturnType<typeof fstatSync>): void {
  if (stat.isDirectory()) throw unreadable(path, "it is a folder");
  if (!stat.isFile()) throw unreadable(path, "it is not a regular file");
  if (stat.size > MOST_BYTES) throw tooLong(path);
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
