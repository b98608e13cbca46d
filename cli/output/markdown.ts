/** A table of cells that are Markdown already: `markdownCode` and `markdownText` leave no bar in them. */
export function markdownTable(head: string[], rows: string[][]): string[] {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
}
