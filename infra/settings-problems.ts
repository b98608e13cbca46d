import { didYouMean, own } from "@trunkline/contract";
import { z } from "zod";

/** How a type is called in a stack file. */
const TYPES: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a group of settings",
  record: "a group of settings",
};

/**
 * What is wrong with each setting, by its path. A value is never told: it may be a secret.
 * @param values what the issues are about
 */
export function describeProblems(issues: readonly z.core.$ZodIssue[], values: unknown, schema: z.ZodType): string[] {
  const mistyped = new Set(issues.filter(isOfType).map(({ path }) => path.join(".")));
  // Of a value of another type the limits say nothing: a list has a length, too.
  const told = issues.filter((issue) => isOfType(issue) || !mistyped.has(issue.path.join(".")));
  return told.flatMap((issue) => describeProblem(issue, values, schema));
}

function isOfType({ code }: z.core.$ZodIssue): boolean {
  return code === "invalid_type";
}

function describeProblem(issue: z.core.$ZodIssue, values: unknown, schema: z.ZodType): string[] {
  if (issue.code === "unrecognized_keys") {
    const known = settingsAt(schema, issue.path);
    return issue.keys.map((key) => `${[...issue.path, key].join(".")}: no such setting${didYouMean(key, known)}`);
  }
  const name = issue.path.join(".");
  if (issue.code !== "invalid_type") return [`${name}: ${issue.message}`];
  const value = issue.path.reduce<unknown>(memberOf, values);
  return [`${name}: ${value === undefined ? "is not set" : wrongType(issue.expected, value)}`];
}

function wrongType(expected: string, value: unknown): string {
  return `has to be ${typeName(expected)}, is ${typeName(Array.isArray(value) ? "array" : typeof value)}`;
}

function typeName(type: string): string {
  return own(TYPES, type) ?? type;
}

function memberOf(value: unknown, key: PropertyKey): unknown {
  return typeof value === "object" && value !== null ? own(value as Record<string, unknown>, String(key)) : undefined;
}

/** The names of the settings at a path of the schema. */
function settingsAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  const here = unwrapped(path.reduce<unknown>((type, key) => childOf(unwrapped(type), key), schema));
  return here instanceof z.ZodObject ? Object.keys(here.shape) : [];
}

function childOf(type: unknown, key: PropertyKey): unknown {
  if (type instanceof z.ZodObject) return memberOf(type.shape, key);
  if (type instanceof z.ZodRecord) return type.valueType;
  return type instanceof z.ZodArray ? type.element : undefined;
}

/** Behind what only says what is taken when nothing is given. */
function unwrapped(type: unknown): unknown {
  const isWrapped =
    type instanceof z.ZodOptional ||
    type instanceof z.ZodDefault ||
    type instanceof z.ZodPrefault ||
    type instanceof z.ZodNullable;
  return isWrapped ? unwrapped(type.def.innerType) : type;
}
