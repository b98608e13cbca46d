import { pathText } from "../../../providers/livekit/routing/index.ts";
import { canonical, type Field, fieldsByName, type Kind, type MessageType, SCALAR } from "./reflection.ts";
import { durationJson, timestampJson } from "./times.ts";
import type { UnknownPart } from "./unknown.ts";

type Path = readonly (string | number)[];
type Found = Omit<UnknownPart, "id">;

/** A value that no reading of the field allows. */
export class ShapeError extends Error {
  constructor(path: Path, problem: string) {
    super(`${pathText(path) || "the item"}: ${problem}`);
  }
}

function unfit(path: Path, expected: string, value: unknown): ShapeError {
  return new ShapeError(path, `expected ${expected}, found ${typeText(value)}`);
}

/**
 * An object in protobuf JSON, from any of the forms that LiveKit's tools have written it in: snake, camel or Go's case; enums by name or number;
 * oneofs as a member, as Go prints them, or as case and value; durations and times as text, parts or numbers. What the type does not have goes into
 * `unknown` and is left out.
 * @throws ShapeError
 */
export function shape(type: MessageType, value: unknown, unknown: Found[], path: Path = []): Record<string, unknown> {
  if (!isObject(value)) throw unfit(path, "an object", value);
  const fields = fieldsByName(type);
  const oneofs = new Set([...fields.values()].flatMap(({ oneof }) => (oneof ? [canonical(oneof.name)] : [])));
  const found = new Map<string, unknown>();
  const chosen = new Map<string, string>();
  // A dispatch rule has nothing but its kind: what is not known there is a newer one.
  const what = type.typeName === "livekit.SIPDispatchRule" ? "rule kind" : "field";
  for (const [key, one, at] of membersOf(value, oneofs, path)) {
    const field = fields.get(canonical(key));
    if (field === undefined) unknown.push({ what, path: at, value: one });
    else if (one !== null && one !== undefined) {
      requireOnlyOne(chosen, field, at);
      put(found, field, fieldValue(field, one, unknown, at), at);
    }
  }
  return Object.fromEntries(found);
}

/** Of the fields of a oneof an object has one. */
function requireOnlyOne(chosen: Map<string, string>, { oneof, jsonName }: Field, path: Path): void {
  if (oneof === undefined) return;
  const earlier = chosen.get(oneof.name) ?? jsonName;
  if (earlier !== jsonName) throw new ShapeError(path, `it stands beside ${earlier}, and LiveKit has one of them`);
  chosen.set(oneof.name, jsonName);
}

/** The members of an object; those of a oneof as if they stood beside it. */
function* membersOf(
  value: Record<string, unknown>,
  oneofs: ReadonlySet<string>,
  path: Path,
): Generator<[string, unknown, Path]> {
  const chosen = oneofs.has("rule") ? chosenOf(value) : undefined;
  if (chosen) {
    yield [chosen.name, chosen.value, [...path, chosen.name]];
    return;
  }
  for (const [key, one] of Object.entries(value)) {
    if (/^[$@]/.test(key)) continue; // names of types, which SDKs and protobuf's Any add
    if (!oneofs.has(canonical(key))) yield [key, one, [...path, key]];
    else if (isObject(one)) yield* membersOf(one, oneofs, [...path, key]);
    else if (one !== null) throw unfit([...path, key], "an object", one);
  }
}

/** `{case, value}` of the JavaScript SDK, or `{type: "individual", …}` of its options. */
function chosenOf(value: Record<string, unknown>): { name: string; value: unknown } | undefined {
  if (typeof value.case === "string") return { name: value.case, value: value.value ?? {} };
  if (typeof value.type !== "string") return undefined;
  const { type, ...rest } = value;
  return { name: `dispatchRule${type.slice(0, 1).toUpperCase()}${type.slice(1)}`, value: rest };
}

function put(found: Map<string, unknown>, { jsonName }: Field, value: unknown, path: Path): void {
  if (value === undefined) return;
  const earlier = found.get(jsonName);
  if (earlier !== undefined && JSON.stringify(earlier) !== JSON.stringify(value))
    throw new ShapeError(path, `expected one ${jsonName}, found a second with another value`);
  found.set(jsonName, value);
}

function fieldValue(field: Field, value: unknown, unknown: Found[], path: Path): unknown {
  if (field.kind === "map") {
    if (!isObject(value)) throw unfit(path, "an object", value);
    return Object.fromEntries(
      Object.entries(value).map(([key, one]) => [key, single(field.V, one, unknown, [...path, key])]),
    );
  }
  if (!field.repeated) return single(field, value, unknown, path);
  if (!Array.isArray(value)) throw unfit(path, "a list", value);
  return value.map((one, index) => single(field, one, unknown, [...path, index])).filter((one) => one !== undefined);
}

function single(field: Kind, value: unknown, unknown: Found[], path: Path): unknown {
  if (field.kind === "enum") return enumValue(field, value, unknown, path);
  if (field.kind === "message") return message(field.T, value, unknown, path);
  if (field.kind === "scalar") return scalar(field.T, value, path);
  throw unfit(path, "no map in a map", value);
}

function message(type: MessageType, value: unknown, unknown: Found[], path: Path): unknown {
  if (type.typeName === "google.protobuf.Duration")
    return must(durationJson(value), path, "a duration such as 30s", value);
  if (type.typeName === "google.protobuf.Timestamp")
    return must(timestampJson(value), path, "a time such as 2026-11-01T10:00:00Z", value);
  return shape(type, value, unknown, path);
}

function enumValue(
  { T }: Extract<Kind, { kind: "enum" }>,
  value: unknown,
  unknown: Found[],
  path: Path,
): number | undefined {
  if (typeof value !== "string" && typeof value !== "number") throw unfit(path, "a name or a number", value);
  const known = T.values.find(({ no, name }) => no === Number(value) || canonical(name) === canonical(String(value)));
  if (!known) unknown.push({ what: "value", path, value });
  return known?.no;
}

function scalar(type: number, value: unknown, path: Path): unknown {
  if (type === SCALAR.string) return must(typeof value === "string" ? value : undefined, path, "text", value);
  if (type === SCALAR.bool) return must(typeof value === "boolean" ? value : undefined, path, "true or false", value);
  const isNumber = typeof value === "number" || (typeof value === "string" && /^-?\d+$/.test(value));
  return must(isNumber ? value : undefined, path, "a number", value);
}

function must<Value>(value: Value | undefined, path: Path, expected: string, found: unknown): Value {
  if (value === undefined) throw unfit(path, expected, found);
  return value;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What a value is, without showing it: it may be a secret. */
function typeText(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  return (
    { string: "text", number: "a number", boolean: "true or false", object: "an object" }[typeof value as string] ??
    "nothing"
  );
}
