import { markdownCode, markdownText } from "../../providers/text/foreign.ts";
import { redactor } from "../../service/shared/index.ts";
import type { CommandIO } from "../output/io.ts";
import { markdownTable } from "../output/markdown.ts";
import { table } from "../output/table.ts";
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

/**
 * For the page of a workflow's run and an issue, which more people read than a terminal: phone numbers are masked, and nothing that
 * others have named is a link, an image or a mention.
 */
export function driftMarkdown({ stack, differences, before }: DriftReport, secrets: Iterable<string> = []): string {
  const redact = redactor({ secrets, numbers: [] });
  const healed =
    before && before.length > 0
      ? ["Healed with `pulumi up --refresh`; before:", "", ...differencesTable(before, redact), ""]
      : [];
  const now =
    differences.length === 0 ? ["None: what is live is what is declared."] : differencesTable(differences, redact);
  return [titleOf(stack), "", ...healed, ...now, ""].join("\n");
}

/** The same when nothing could be compared: what went wrong may name any value of the stack. */
export function driftFailureMarkdown(stack: string, failure: string, secrets: Iterable<string>): string {
  const redact = redactor({ secrets, numbers: [] });
  return [titleOf(stack), "", `Could not look: ${markdownText(redact(failure))}`, "", ""].join("\n");
}

function titleOf(stack: string): string {
  return `### Drift of stack ${markdownCode(stack)}`;
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
    ...(healable ? ["What is declared wins with: npx --no-install trunkline drift --heal (pulumi up --refresh)."] : []),
    ...(kinds.has("conflict") ? ["More about the conflicts: npx --no-install trunkline doctor."] : []),
  ];
}

function differencesTable(differences: Difference[], redact: (text: string) => string): string[] {
  const code = (value: unknown) => markdownCode(redact(valueText(value)));
  const text = (value: string) => markdownText(redact(value));
  const rows = sorted(differences).map(({ kind, system, object, id, field, declared, live, what }) => [
    kind,
    `${system} ${text(object)}`,
    code(id),
    field === "" ? "" : code(field),
    code(declared),
    code(live),
    text(what),
  ]);
  return markdownTable(["", "Object", "Id", "Field", "Declared", "Live", ""], rows);
}

function sorted(differences: Difference[]): Difference[] {
  return differences.toSorted((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind));
}
