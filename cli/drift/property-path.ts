import { own } from "@trunkline/contract";

const PART = /\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.[\]]+)/g;

/** The value at a path as Pulumi writes it: `a.b`, `a["x.y"]`, `a[0]`. Undefined where there is none. */
export function valueAt(value: unknown, path: string): unknown {
  return partsOf(path).reduce<unknown>((found, part) => (isObject(found) ? own(found, part) : undefined), value);
}

function partsOf(path: string): string[] {
  return [...path.matchAll(PART)].map(([, quoted, index, plain]) =>
    quoted === undefined ? (index ?? plain ?? "") : quoted.replaceAll(/\\(.)/g, "$1"),
  );
}

/** Lists, too: their indexes are their keys. */
function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
