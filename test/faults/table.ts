import { type FaultResult, seconds } from "./results.ts";

const BEGIN = "<!-- results: written by `npm run faults` -->";
const END = "<!-- end of the results -->";

/** The results as they stand in docs/FAULTS.md, a table for each group. */
export function markdownOf(results: readonly FaultResult[], about: string): string {
  const groups = [...new Set(results.map(({ group }) => group))];
  return [about, ...groups.map((group) => tableOf(group, results))].join("\n\n");
}

/** A document with the results between its marks replaced. @throws when it has no such marks */
export function withResults(document: string, markdown: string): string {
  const [before, rest] = document.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) throw new Error(`The document has no ${BEGIN} … ${END}`);
  return `${before}${BEGIN}\n\n${markdown}\n\n${END}${after}`;
}

function tableOf(group: string, results: readonly FaultResult[]): string {
  const own = results.filter((result) => result.group === group);
  const isCalls = own.some(({ settledMs }) => settledMs !== undefined);
  const head = isCalls
    ? ["fault", "caller, `callback`", "caller, `dial`", "at rest after", "holds"]
    : ["fault", "seen", "holds"];
  const rows = own.map((result) => (isCalls ? callRow(result) : [result.name, result.seen.join("; "), holds(result)]));
  const line = (cells: string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [`### ${group}`, "", line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function callRow(result: FaultResult): string[] {
  const { name, seen, settledMs } = result;
  return [name, seen[0] ?? "", seen[1] ?? "", settledMs === undefined ? "" : seconds(settledMs), holds(result)];
}

function holds({ violations }: FaultResult): string {
  return violations.length === 0 ? "yes" : `**no**: ${violations.join("; ")}`;
}
