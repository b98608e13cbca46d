import { type Answer, pathText } from "../../providers/livekit/routing/index.ts";
import { shown } from "../../providers/text/foreign.ts";
import type { UnknownPart } from "../livekit/forms/unknown.ts";
import type { SipProject } from "../livekit/project.ts";
import type { Understanding } from "../livekit/understanding.ts";

const MOST_NAMED = 8;

/** What the answer was made without: fields that this version does not know, those that could decide first, and lists that no file had. */
export function notesOn(project: SipProject, answer: Answer, { missing }: Understanding): string[] {
  const { unknown = [], assumed = [] } = project;
  const deciding = new Set([answer.trunk?.id, ...("rule" in answer ? [answer.rule.id] : [])]);
  const told = "rules" in answer ? new Set(answer.rules) : new Set<string>();
  const parts = unknown.filter(({ id, what }) => what !== "rule kind" || !told.has(id));
  const sorted = parts.toSorted((a, b) => Number(deciding.has(b.id)) - Number(deciding.has(a.id)));
  return [
    ...sorted.slice(0, MOST_NAMED).map((part) => partText(part, deciding.has(part.id))),
    ...(sorted.length > MOST_NAMED
      ? [`${sorted.length - MOST_NAMED} more unknown parts: npx --no-install trunkline doctor --json names them.`]
      : []),
    ...assumed,
    ...missing,
  ];
}

function partText({ id, what, path }: UnknownPart, decides: boolean): string {
  const consequence = decides ? " The answer holds only if it decides nothing." : "";
  return `${shown(id)} has a ${what} that this version does not know: ${shown(pathText(path))}.${consequence}`;
}
