/**
 * What check and diff get, in preview, for a value that is not known yet, whatever its type.
 * Source: `unknownValue` of @pulumi/pulumi/runtime/rpc.
 */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Whether the value is unknown, or holds an unknown value somewhere (also inside a text it was joined into). */
export function containsUnknown(value: unknown): boolean {
  if (typeof value === "string") return value.includes(UNKNOWN);
  if (Array.isArray(value)) return value.some(containsUnknown);
  if (typeof value === "object" && value !== null) return Object.values(value).some(containsUnknown);
  return false;
}
