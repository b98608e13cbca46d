import type { Answer } from "../../providers/livekit/routing/index.ts";
import { shown } from "../../providers/text/foreign.ts";
import { pathText, type UnknownPart } from "../livekit/forms/unknown.ts";
import type { SipProject } from "../livekit/project.ts";

const MOST_NAMED = 8;

/** What the answer was made without: fields that this version does not know, those that could decide first, and lists that no file had. */
export function notesOn({ unknown = [], given }: SipProject, answer: Answer): string[] {
  const deciding = new Set([answer.trunk?.id, ...("rule" in answer ? [answer.rule.id] : [])]);
  const told = "rules" in answer ? new Set(answer.rules) : new Set<string>();
  const parts = unknown.filter(({ id, what }) => what !== "rule kind" || !told.has(id));
  const sorted = parts.toSorted((a, b) => Number(deciding.has(b.id)) - Number(deciding.has(a.id)));
  return [
    ...sorted.slice(0, MOST_NAMED).map((part) => partText(part, deciding.has(part.id))),
    ...(sorted.length > MOST_NAMED
      ? [`${sorted.length - MOST_NAMED} more unknown parts: npx --no-install trunkline doctor --json names them.`]
      : []),
    ...missingLists(given),
  ];
}

function partText({ id, what, path }: UnknownPart, decides: boolean): string {
  const consequence = decides ? " The answer holds only if it decides nothing." : "";
  return `${shown(id)} has a ${what} that this version does not know: ${shown(pathText(path))}.${consequence}`;
}

/** A list that no file had is not an empty one. */
export function missingLists(given: SipProject["given"]): string[] {
  if (given === undefined) return [];
  return [
    ...(given.inboundTrunks
      ? []
      : ["No inbound trunks were given: add lk sip inbound list --json with another --file."]),
    ...(given.dispatchRules
      ? []
      : ["No dispatch rules were given: add lk sip dispatch list --json with another --file."]),
  ];
}
