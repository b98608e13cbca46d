import { stripVTControlCharacters } from "node:util";
import { isTooDeep, jsonTokens, TOO_DEEP } from "../../input-file.ts";
import { badFile } from "./bad-file.ts";
import type { Decoded } from "./encoding.ts";

/** A JSON value of a file, and where it stands. */
export interface JsonDocument {
  value: unknown;
  /** The file; of several values in one file also which. */
  place: string;
}

/** What `lk` says before its answer, on the same output in older versions. */
const STATUS_LINE = /^(using |url: |warn|note: )[^\n]*\n/i;
const TABLE = /[│┃|]\s*Sip(Trunk|DispatchRule)ID/i;

/**
 * Every JSON value of a text: one; JSON lines; or the output of several commands behind each other.
 * @throws CliError BAD_FILE with the place and the encoding
 */
export function documentsOf({ text: raw, encoding }: Decoded, name: string): JsonDocument[] {
  const where = `${name} (${encoding})`;
  const text = withoutStatus(stripVTControlCharacters(raw));
  if (text === "") throw badFile(where, "the file is empty");
  if (TABLE.test(text)) throw badFile(where, "this is a table of lk, not JSON", "Run the same lk command with --json.");
  const whole = tryParse(text);
  if ("value" in whole) return [{ value: whole.value, place: name }];
  const pieces = split(text);
  if (pieces === undefined || pieces.length < 2) throw badFile(where, `not valid JSON: ${whole.problem}`);
  return pieces.map((piece, index) => {
    const place = `${name}, value ${index + 1}`;
    const parsed = tryParse(piece);
    if ("problem" in parsed) throw badFile(`${place} (${encoding})`, `not valid JSON: ${parsed.problem}`);
    return { value: parsed.value, place };
  });
}

function withoutStatus(text: string): string {
  let rest = text.trim();
  while (STATUS_LINE.test(rest)) rest = rest.replace(STATUS_LINE, "").trimStart();
  return rest;
}

function tryParse(text: string): { value: unknown } | { problem: string } {
  if (isTooDeep(text)) return { problem: TOO_DEEP };
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    const problem = problemOf(error instanceof Error ? error.message : "");
    return { problem: /position \d+/.test(problem) ? problem : `${problem} at ${placeOf(text)}` };
  }
}

/** Where a text stops being the beginning of JSON: V8 does not always say. */
function placeOf(text: string): string {
  let [good, bad] = [0, text.length];
  while (good + 1 < bad) {
    const middle = (good + bad) >> 1;
    if (canGoOn(text.slice(0, middle))) good = middle;
    else bad = middle;
  }
  const before = text.slice(0, good).split("\n");
  return `position ${good} (line ${before.length} column ${(before.at(-1)?.length ?? 0) + 1})`;
}

/** Whether something behind a text could make it JSON. */
function canGoOn(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    const message = error instanceof Error ? error.message : "";
    const position = /at position (\d+)/.exec(message)?.[1];
    return position === undefined ? /end of JSON/.test(message) : Number(position) >= text.length;
  }
}

/** V8 quotes a part of the text, which may be a secret; the place and the kind of problem are enough. */
function problemOf(message: string): string {
  const position = /position \d+( \(line \d+ column \d+\))?/.exec(message)?.[0];
  const what = message
    .replace(/,? (\.\.\.)?".*$/s, "")
    .replace(/ (in JSON )?at position.*$/s, "")
    .replace(/^Unexpected token .*$/s, "unexpected character");
  return position === undefined ? what : `${what} at ${position}`;
}

/** Cuts behind each value that ends on the outermost level; undefined when something stands between them. */
function split(text: string): string[] | undefined {
  const pieces: string[] = [];
  let start = 0;
  for (const end of endsOf(text)) {
    pieces.push(text.slice(start, end));
    start = end;
  }
  const isWhole = text.slice(start).trim() === "" && pieces.every((piece) => /^[\s,]*[{[]/.test(piece));
  return isWhole ? pieces.map((piece) => piece.replace(/^[\s,]+/, "")) : undefined;
}

function* endsOf(text: string): Generator<number> {
  let depth = 0;
  for (const { 0: token, index } of jsonTokens(text)) {
    if (token === "{" || token === "[") depth += 1;
    else if (token === "}" || token === "]") depth -= 1;
    else continue;
    if (depth === 0) yield index + 1;
  }
}
