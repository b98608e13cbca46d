import { own } from "@trunkline/contract";
import { type Answer, type Call, normalizeNumber } from "../../providers/livekit/routing/index.ts";
import type { Routes } from "../livekit/routes.ts";
import type { CommandIO } from "../output/io.ts";
import { table } from "../output/table.ts";
import { ruleWhy, trunkWhy, type Why } from "./spellings.ts";

interface Answered {
  routes: Routes;
  call: Call;
  answer: Answer;
}

/** What it is written on. */
export type Paper = Pick<CommandIO, "colors" | "width">;

export function trunkRows({ answer, routes, call }: Answered): Row[] {
  const byId = new Map(routes.trunks.map((trunk) => [trunk.id, trunk]));
  return answer.explanation.trunks.map(({ id, verdict }) => {
    const trunk = byId.get(id);
    const credentials = trunk?.authUsername ? ", with credentials" : "";
    const serves = `${listText(trunk?.calledNumbers, call.called)} ← ${listText(trunk?.callerNumbers, call.caller)} @ ${listText(trunk?.allowedAddresses)}${credentials}`;
    return { id, name: trunk?.name ?? "", verdict, serves, why: trunkWhy(verdict, trunk, call) };
  });
}

export function ruleRows({ answer, routes, call }: Answered): Row[] {
  const byId = new Map(routes.rules.map((rule) => [rule.id, rule]));
  return answer.explanation.rules.map(({ id, verdict }) => {
    const rule = byId.get(id);
    const serves = `${listText(rule?.calledNumbers, call.called)} ← ${listText(rule?.callerNumbers, call.caller)}, of ${listText(rule?.trunkIds, answer.trunk?.id)}`;
    return { id, name: rule?.name ?? "", verdict, serves, why: ruleWhy(verdict, rule, call) };
  });
}

/** The part of a trunk or a rule in the answer. */
export interface Row {
  id: string;
  name: string;
  verdict: string;
  /** Its numbers and addresses, short. */
  serves: string;
  why: Why;
}

const SIGNS: Record<string, string> = { matches: "✓", clashes: "✗", "unknown-kind": "✗", "newer-kind": "?" };

/** Rows that a person looks at; of a large project the others are counted. */
const MOST_ROWS = 25;

/** A table of them; those that decide, or nearly would, are never among the counted ones. */
export function rowsText([name, serves]: [string, string], rows: Row[], none: string, io: Paper): string {
  if (rows.length === 0) return none;
  const rank = ({ verdict, why }: Row) => (Object.hasOwn(SIGNS, verdict) ? 0 : why.isNear ? 1 : 2);
  const shown = new Set(rows.toSorted((a, b) => rank(a) - rank(b)).slice(0, MOST_ROWS));
  const cells = rows
    .filter((row) => shown.has(row))
    .map((row) => [sign(row.verdict, io.colors), row.id, row.name, row.serves, row.why.text]);
  const text = table(["", name, "NAME", `SERVES ${serves}`, "WHY"], cells, { width: io.width });
  return rows.length > shown.size ? `${text}\n   … and ${rows.length - shown.size} more (all of them: --json)` : text;
}

function sign(verdict: string, colors: Paper["colors"]): string {
  const text = own(SIGNS, verdict) ?? "·";
  return text === "✓" ? colors.green(text) : text === "✗" ? colors.red(text) : colors.dim(text);
}

/** Entries of a list that a person reads. */
const MOST_ENTRIES = 4;

/** The entry that the call is about stands first; of long lists the others are counted. */
function listText(list: readonly string[] | undefined, wanted = ""): string {
  if (list === undefined || list.length === 0) return "any";
  if (list.length <= MOST_ENTRIES) return list.join(", ");
  const isWanted = (entry: string) => normalizeNumber(entry) === normalizeNumber(wanted);
  const shown = [...list.filter(isWanted), ...list.filter((entry) => !isWanted(entry))].slice(0, MOST_ENTRIES - 1);
  return `${shown.join(", ")} and ${list.length - shown.length} more`;
}
