import type { CommandIO } from "../output/io.ts";
import { table } from "../output/table.ts";
import { redactor } from "../ticket/redact.ts";
import type { Difference, DifferenceKind } from "./difference.ts";

export interface DriftReport {
  stack: string;
  differences: Difference[];
  /** With `--heal`: what there was before. */
  before?: Difference[];
}

/** The order of the report: what stops calls first. */
const KINDS: readonly DifferenceKind[] = ["conflict", "missing", "changed", "legacy", "unmanaged", "pending"];

/** For people. */
export function driftText(
  { stack, differences, before }: DriftReport,
  io: Pick<CommandIO, "colors" | "width">,
): string {
  const healed = before === undefined ? [] : healedText(before, io);
  if (differences.length === 0)
    return [...healed, io.colors.green(`Stack ${stack}: what is live is what is declared.`)].join("\n");
  const rest =
    before === undefined ? [] : ["", io.colors.yellow(`Stack ${stack}: what \`pulumi up --refresh\` did not end:`)];
  return [...healed, ...rest, driftTable(differences, io), "", ...advice(differences)].join("\n");
}

/** For machines. */
export function driftJson({ stack, differences, before }: DriftReport): object {
  const clean = differences.length === 0;
  return {
    format: "trunkline.drift/1",
    stack,
    clean,
    differences: sorted(differences),
    ...(before && { before: sorted(before) }),
  };
}

/** For the page of a workflow's run and an issue, which more people read than a terminal: phone numbers are masked. */
export function driftMarkdown({ stack, differences, before }: DriftReport): string {
  const title = `### Drift of stack \`${stack}\``;
  const healed =
    before && before.length > 0
      ? [`Healed with \`pulumi up --refresh\`; before:`, "", ...markdownTable(before), ""]
      : [];
  const now = differences.length === 0 ? ["None: what is live is what is declared."] : markdownTable(differences);
  return redactor({ secrets: [], numbers: [] })([title, "", ...healed, ...now, ""].join("\n"));
}

/** A value on one line: `"text"` without quotes, nothing as a dash. */
export function valueText(value: unknown): string {
  if (value === undefined || value === "") return "–";
  return typeof value === "string" ? value : JSON.stringify(value);
}

function healedText(before: Difference[], io: Pick<CommandIO, "colors" | "width">): string[] {
  if (before.length === 0) return [];
  return ["Found, before `pulumi up --refresh`:", driftTable(before, io), ""];
}

function driftTable(differences: Difference[], { colors, width }: Pick<CommandIO, "colors" | "width">): string {
  const rows = sorted(differences).map((difference) => {
    const { kind, object, id, field, declared, live } = difference;
    const values = field === "" ? whole(difference) : [valueText(declared), valueText(live)];
    return [kind === "pending" ? colors.yellow(kind) : colors.red(kind), `${object} ${id}`.trim(), field, ...values];
  });
  return table(["", "OBJECT", "FIELD", "DECLARED", "LIVE"], rows, { width });
}

/** Of an object that is there or is not. */
function whole({ kind, declared, what }: Difference): [string, string] {
  if (kind === "missing") return [valueText(declared), "not there"];
  if (kind === "pending") return [what, ""];
  return [kind === "conflict" ? "" : "not declared", what];
}

function advice(differences: Difference[]): string[] {
  const kinds = new Set(differences.map(({ kind }) => kind));
  const healable = ["changed", "missing", "pending"].some((kind) => kinds.has(kind as DifferenceKind));
  return [
    ...(healable ? ["What is declared wins with: npx trunkline drift --heal (pulumi up --refresh)."] : []),
    ...(kinds.has("conflict") ? ["More about the conflicts: npx trunkline doctor."] : []),
  ];
}

function markdownTable(differences: Difference[]): string[] {
  const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("\n", " ");
  const rows = sorted(differences).map(({ kind, system, object, id, field, declared, live, what }) =>
    [kind, `${system} ${object}`, code(id), code(field), code(valueText(declared)), code(valueText(live)), what].map(
      cell,
    ),
  );
  const head = ["", "Object", "Id", "Field", "Declared", "Live", ""];
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
}

function code(text: string): string {
  return text === "" || text === "–" ? text : `\`${text.replaceAll("`", "'")}\``;
}

function sorted(differences: Difference[]): Difference[] {
  return differences.toSorted((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind));
}
