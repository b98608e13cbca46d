import { stripVTControlCharacters } from "node:util";
import { cell as onOneLine } from "../../providers/text/foreign.ts";

const GAP = "  ";
/** What a CI log shows in one line. A terminal may be narrower. */
const DEFAULT_WIDTH = 140;
const NARROWEST_COLUMN = 12;

export interface TableOptions {
  /** Characters a line may have. Default 140. */
  width?: number;
}

/**
 * Columns in plain text, two blanks apart, no frame: readable in a terminal and in CI logs, easy to copy. A cell that does not fit into
 * the width is broken between words. Colours may be in cells and do not count; a cell cannot start a line or move the cursor.
 */
export function table(head: string[], rows: string[][], { width = DEFAULT_WIDTH }: TableOptions = {}): string {
  const shownRows = rows.map((cells) => cells.map(onOneLine));
  const widths = columnWidths([head, ...shownRows], width);
  const line = (cells: string[]) => joinCells(cells, widths);
  return [line(head), line(widths.map((size) => "─".repeat(size))), ...shownRows.map(line)].join("\n");
}

/** Text broken between words into lines of at most `width` characters; a longer word is left whole. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && visible(last) + 1 + visible(word) <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** Whatever does not fit is taken from the widest columns, as evenly as can be. */
function columnWidths(rows: string[][], width: number): number[] {
  const wanted = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => visible(row[column] ?? ""))));
  const room = width - GAP.length * (wanted.length - 1);
  let limit = Math.max(...wanted, 0);
  const fitted = () => wanted.map((size) => Math.min(size, limit));
  while (limit > NARROWEST_COLUMN && sum(fitted()) > room) limit -= 1;
  return fitted();
}

function joinCells(cells: string[], widths: number[]): string {
  const columns = cells.map((cell, column) => wrap(cell, widths[column] ?? NARROWEST_COLUMN));
  const height = Math.max(...columns.map((lines) => lines.length));
  const lineAt = (index: number) =>
    columns.map((lines, column) => pad(lines[index] ?? "", widths[column] ?? 0)).join(GAP);
  return Array.from({ length: height }, (_, index) => lineAt(index).trimEnd()).join("\n");
}

function pad(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - visible(text)));
}

function visible(text: string): number {
  return stripVTControlCharacters(text).length;
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
