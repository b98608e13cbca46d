import { canonical } from "./reflection.ts";
import { isObject } from "./shape.ts";
import type { UnknownPart } from "./unknown.ts";

const SECRET = /password|passwd|secret|token|credential|key$/i;
const HIDDEN = "[hidden]";

/** An object's JSON with what this version does not know put back where it was; secrets among it are hidden. */
export function withUnknown(json: unknown, id: string, unknown: readonly UnknownPart[]): unknown {
  const own = unknown.filter((part) => part.id === id);
  return own.reduce((whole, { path, value }) => withPart(whole, path, hide(value, String(path.at(-1)))), json);
}

function withPart(json: unknown, [first, ...rest]: readonly (string | number)[], value: unknown): unknown {
  if (first === undefined) return value;
  if (typeof first === "number") {
    const list: unknown[] = Array.isArray(json) ? json : [];
    return list.toSpliced(first, 1, withPart(list[first], rest, value));
  }
  const members = isObject(json) ? Object.entries(json) : [];
  const [key, inner] = members.find(([name]) => canonical(name) === canonical(first)) ?? [first, undefined];
  return Object.fromEntries([...members, [key, withPart(inner, rest, value)]]);
}

function hide(value: unknown, name: string): unknown {
  if (SECRET.test(name) && value !== "" && value !== null) return HIDDEN;
  if (Array.isArray(value)) return value.map((one) => hide(one, name));
  return isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, hide(one, key)])) : value;
}
