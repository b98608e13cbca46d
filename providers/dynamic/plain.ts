import { isDeepStrictEqual } from "node:util";

/** Inputs, outputs or state as they cross the border to Pulumi: plain JSON. */
export type Plain = Record<string, unknown>;

/** Pulumi hands its own serialized provider along with the properties, and puts it back by itself. */
const PROVIDER_KEY = "__provider";

/** Whether they come from the engine, not from one who calls a method by itself. */
export function isFromEngine(properties: Plain): boolean {
  return PROVIDER_KEY in properties;
}

/** The properties without Pulumi's own key. */
export function withoutProvider(properties: Plain): Plain {
  const { [PROVIDER_KEY]: _, ...rest } = properties;
  return rest;
}

/** The same value without `undefined` anywhere: Pulumi's protocol cannot carry it ("Unexpected struct type"). */
export function withoutUndefined<T>(value: T): T {
  if (Array.isArray(value)) return value.map(withoutUndefined) as T;
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(entries.map(([key, item]) => [key, withoutUndefined(item)])) as T;
}

/** Equal as JSON: the order of keys does not count, the order of lists does. */
export function samePlain(a: unknown, b: unknown): boolean {
  return isDeepStrictEqual(withoutUndefined(a), withoutUndefined(b));
}
