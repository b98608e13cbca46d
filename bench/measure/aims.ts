/** Something that has to hold, and what was seen. */
export interface Aim {
  what: string;
  seen: string;
  ok: boolean;
}

/** One line per aim. */
export function aimLines(aims: readonly Aim[]): string {
  return aims.map(({ what, seen, ok }) => `  ${ok ? "ok " : "NO "} ${what.padEnd(58)} ${seen}`).join("\n");
}
