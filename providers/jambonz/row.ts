import { own } from "@trunkline/contract";
/** A row as the API answers it: MySQL's columns, booleans as 0 and 1. */
export type Row = Readonly<Record<string, unknown>>;

/** A text column; NULL is no text. */
export function textOf(row: Row | undefined, column: string): string {
  const value = own(row, column);
  return value === null || value === undefined ? "" : String(value);
}

export function flagOf(row: Row, column: string): boolean {
  return own(row, column) === 1 || own(row, column) === true;
}

/** A number column; NULL is 0. */
export function numberOf(row: Row, column: string): number {
  return Number(own(row, column) ?? 0);
}

/** The columns of a nested row, undefined for NULL. */
export function rowOf(row: Row, column: string): Row | undefined {
  const value = own(row, column);
  return typeof value === "object" && value !== null ? (value as Row) : undefined;
}

/** No text as NULL: an empty one is refused for some columns and means something else for others. */
export function orNull(value: string): string | null {
  return value === "" ? null : value;
}
