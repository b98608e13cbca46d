/** An object of a file for `lk sip … create` has no id yet: LiveKit's own have no brackets. */
export function madeUpId(kind: string, count: number): string {
  return `(${kind} ${count}, no id)`;
}

export function isMadeUp(id: string): boolean {
  return id.startsWith("(");
}
