import { closeSync, constants, existsSync, mkdirSync, openSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { shown } from "../providers/text/foreign.ts";
import { CliError } from "./errors.ts";
import { reasonOf } from "./input-file.ts";

const { O_WRONLY, O_CREAT, O_TRUNC, O_APPEND, O_NONBLOCK } = constants;
const OWNER_ONLY = 0o600;
const OWNER_ONLY_FOLDER = 0o700;

/** Replaces a file that a user has named; makes its folder. @throws CliError BAD_FILE */
export function writeOutputFile(path: string, text: string): void {
  write(path, text, O_TRUNC);
}

/** Whether it will be possible, before minutes of work: makes the folder, touches no file. @throws CliError BAD_FILE */
export function requireWritable(path: string): void {
  using(path, existsSync(path) ? O_WRONLY : undefined, () => undefined);
}

/** Adds to one. @throws CliError BAD_FILE */
export function appendOutputFile(path: string, text: string): void {
  write(path, text, O_APPEND);
}

function write(path: string, text: string, how: number): void {
  using(path, O_WRONLY | O_CREAT | how, (file) => writeFileSync(file, text));
}

/** Without O_NONBLOCK a FIFO would wait for a reader that never comes. */
function using(path: string, flags: number | undefined, work: (file: number) => void): void {
  let file: number | undefined;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: OWNER_ONLY_FOLDER });
    if (flags === undefined) return;
    file = openSync(path, flags | O_NONBLOCK, OWNER_ONLY);
    work(file);
  } catch (error) {
    throw new CliError("BAD_FILE", `${shown(path)} cannot be written: ${reasonOf(error)}`, "Check the path.");
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
