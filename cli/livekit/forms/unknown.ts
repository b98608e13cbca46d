/** Something in an object that this version's SDK does not know: a newer LiveKit, or a mistake. */
export interface UnknownPart {
  /** Id of the trunk or rule it is in. */
  id: string;
  /** A field, a value of an enum, or a kind of dispatch rule. */
  what: "field" | "value" | "rule kind";
  /** Names and indexes from the object down to it, as they were written. */
  path: readonly (string | number)[];
  value: unknown;
}

/** The kind that a rule has, when the SDK does not know it. */
export function unknownKindOf(parts: readonly UnknownPart[] | undefined, id: string): string | undefined {
  const part = parts?.find((one) => one.id === id && one.what === "rule kind");
  return part && String(part.path.at(-1));
}
