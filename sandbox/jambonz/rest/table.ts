import { randomUUID } from "node:crypto";
import { own } from "@trunkline/contract";
import { badRequest, RestError, type Row, serverError } from "./answer.ts";

/** One column, as far as MySQL refuses values for it (read: api-server db/jambones-sql.sql). */
export interface Column {
  /** What an INSERT without the column stores; default NULL. */
  default?: unknown;
  /** Characters of a VARCHAR. */
  longest?: number;
  /** Values of an ENUM. */
  oneOf?: readonly string[];
  isFlag?: boolean;
  notNull?: boolean;
}

export interface Table {
  name: string;
  key: string;
  columns: Readonly<Record<string, Column>>;
}

export const text = (longest: number): Column => ({ longest });
export const sid: Column = { longest: 36 };
export const flag = (value: 0 | 1): Column => ({ default: value, isFlag: true, notNull: true });

/** `INSERT INTO table SET body`: defaults fill the rest, a column that is unknown or NOT NULL without a value is an error. */
export function insert(table: Table, rows: Row[], body: Row): string {
  const id = randomUUID();
  const given = stored(table, body);
  const values = Object.entries(table.columns).map(([name, column]) => [
    name,
    own(given, name) ?? column.default ?? null,
  ]);
  const row: Row = Object.fromEntries([...values, [table.key, id]]);
  for (const [name, column] of Object.entries(table.columns))
    if (column.notNull && own(row, name) === null) throw serverError(`Field '${name}' doesn't have a default value`);
  rows.push(row);
  return id;
}

/** `UPDATE table SET body`: only what is in the body; an empty one is a syntax error. The row's own key is refused first. */
export function update(table: Table, row: Row | undefined, body: Row): boolean {
  if (Object.hasOwn(body, table.key)) throw badRequest(`primary key ${table.key} is immutable`);
  const given = stored(table, body);
  if (Object.keys(given).length === 0)
    throw serverError(
      "You have an error in your SQL syntax; check the manual that corresponds to your MySQL server version",
    );
  if (row === undefined) return false;
  Object.assign(row, given);
  return true;
}

/** The row as `SELECT *` gives it: every column, in the table's order. Rows seeded by hand may lack some. */
export function select(table: Table, row: Row): Row {
  const columns = Object.entries(table.columns).map(([name, column]) => [
    name,
    own(row, name) ?? column.default ?? null,
  ]);
  return { [table.key]: own(row, table.key), ...Object.fromEntries(columns) };
}

/** A foreign key: the row has to exist. */
export function requireReference(rows: Row[], key: string, value: unknown): void {
  if (value === null || value === undefined || rows.some((row) => own(row, key) === value)) return;
  throw serverError(`Cannot add or update a child row: a foreign key constraint fails (\`${key}\`)`);
}

export function duplicate(value: unknown, index: string): RestError {
  return new RestError(422, `Duplicate entry '${value}' for key '${index}'`);
}

function stored(table: Table, body: Row): Row {
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [name, storedValue(table, name, value)]));
}

function storedValue(table: Table, name: string, value: unknown): unknown {
  const column = own(table.columns, name);
  if (column === undefined) throw serverError(`Unknown column '${name}' in 'field list'`);
  if (value === null || value === undefined) {
    if (column.notNull) throw serverError(`Column '${name}' cannot be null`);
    return null;
  }
  if (column.isFlag) return value === true || Number(value) === 1 ? 1 : 0;
  if (column.longest !== undefined && String(value).length > column.longest)
    throw serverError(`Data too long for column '${name}' at row 1`);
  if (column.oneOf !== undefined && !column.oneOf.includes(String(value)))
    throw serverError(`Data truncated for column '${name}' at row 1`);
  return value;
}
