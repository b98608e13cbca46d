const kinds = new WeakMap<object, string>();

/**
 * The SDK drops what it does not know: a rule of a kind that only a newer LiveKit has would look like one without a kind, which refuses every call.
 * @param rule the message that was read
 * @param json what it was read from
 */
export function noteNewerKind(rule: object, json: unknown): void {
  const { rule: written } = (json ?? {}) as { rule?: unknown };
  const { rule: read } = rule as { rule?: { rule?: { case?: string } } };
  const [kind] = typeof written === "object" && written !== null ? Object.keys(written) : [];
  if (kind !== undefined && read?.rule?.case === undefined) kinds.set(rule, kind);
}

/** The kind of a live rule that this version does not know. */
export function newerKindOf(rule: object): string | undefined {
  return kinds.get(rule);
}
