import { own } from "@trunkline/contract";
import type { Plain } from "../dynamic/plain.ts";
import { flagOf, numberOf, orNull, type Row, rowOf, textOf } from "./row.ts";
import { isObscured, readPassword } from "./secrets.ts";

/** One column of a table: its name in the API, our name, what it holds. `a.b` is column b of the row that the API nests as a. */
export interface Column {
  column: string;
  input: string;
  type: "text" | "flag" | "number" | "port" | "choice" | "json";
  isSecret?: boolean;
  /** What a row of ours gets where the program says nothing. Undefined: whatever the API gives it, and it is left as it is. */
  created?: unknown;
}

/** What a program does not say is left as it is found. Of an adopted row that is every other column. */
export function columnsOf(columns: readonly Column[], inputs: object): Row {
  const row: Record<string, unknown> = {};
  for (const { column, input, type } of columns) {
    const value = get(inputs, input);
    if (value !== undefined) set(row, column, toApi(type, value));
  }
  return row;
}

/** The inputs that a stored row shows, of those that `context` has. */
export function inputsOf<I extends object>(columns: readonly Column[], row: Row, context: I): I {
  const inputs = structuredClone(context) as Record<string, unknown>;
  for (const { column, input, type, isSecret } of columns) {
    const declared = get(context, input);
    if (declared === undefined) continue;
    set(inputs, input, isSecret ? readPassword(get(row, column), String(declared)) : fromApi(type, row, column));
  }
  return inputs as I;
}

/** The inputs of a new row where the program says nothing. */
export function createdInputs(columns: readonly Column[]): Plain {
  const inputs: Plain = {};
  for (const { input, created } of columns) if (created !== undefined) set(inputs, input, created);
  return inputs;
}

/** A found row's columns, but for passwords that were not readable, and for columns that this version of the API does not have. */
export function foundColumns(columns: readonly Column[], found: Row): Row {
  const row: Record<string, unknown> = {};
  for (const { column, isSecret } of columns) {
    const value = get(found, column);
    if (value !== undefined && !(isSecret && isObscured(String(value)))) set(row, column, value);
  }
  return row;
}

/** `given` over `defaults`, group by group. */
export function withDefaults<I extends object>(defaults: Plain, given: I): I {
  const said = Object.entries(given).filter(([, value]) => value !== undefined);
  const merged = said.map(([name, value]): [string, unknown] => {
    const group = own(defaults, name);
    return [name, isGroup(group) && isGroup(value) ? withDefaults(group, value) : value];
  });
  return { ...defaults, ...Object.fromEntries(merged) } as I;
}

function isGroup(value: unknown): value is Plain {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function toApi(type: Column["type"], value: unknown): unknown {
  if (type === "flag") return value ? 1 : 0;
  if (type === "text") return orNull(String(value));
  return type === "port" && value === 0 ? null : value;
}

function fromApi(type: Column["type"], row: Row, path: string): unknown {
  const { holder, name } = place(row, path);
  if (type === "flag") return flagOf(holder, name);
  if (type === "number" || type === "port") return numberOf(holder, name);
  if (type === "json") return rowOf(holder, name) ?? {};
  return textOf(holder, name);
}

function place(row: Row, path: string): { holder: Row; name: string } {
  const [first = "", second] = path.split(".");
  return second === undefined ? { holder: row, name: first } : { holder: rowOf(row, first) ?? {}, name: second };
}

function get(object: object, path: string): unknown {
  const { holder, name } = place(object as Row, path);
  return own(holder, name);
}

/** Paths come from the tables of columns. */
function set(object: Record<string, unknown>, path: string, value: unknown): void {
  const [first = "", second] = path.split(".");
  const held =
    second === undefined ? value : { ...(rowOf(object, first) ?? {}), ...Object.fromEntries([[second, value]]) };
  Object.assign(object, Object.fromEntries([[first, held]]));
}
