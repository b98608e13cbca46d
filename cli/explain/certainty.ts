import type { Answer } from "../../providers/livekit/routing/index.ts";
import { quoted, shown } from "../../providers/text/foreign.ts";
import type { Understanding } from "../livekit/understanding.ts";
import type { Hears } from "./hears.ts";
import { outcomeText } from "./words.ts";

/** What an answer rests on. */
interface Ground {
  /** On there being no other trunk, or rule, that takes the call. */
  allTrunks: boolean;
  allRules: boolean;
  /** On all that these objects have. */
  ids: readonly string[];
}

/** Why an answer is not certain: what was not given, or is not understood, may change it. */
export type Doubt =
  | { kind: "not given" }
  | { kind: "host not given"; onCloud: Answer }
  | { kind: "unknown part"; places: readonly string[] }
  | { kind: "password not shown"; id: string }
  | { kind: "preset not shown"; preset: string }
  | { kind: "not understood"; ids: readonly string[] };

/** That a call is answered, or is not, is only said when nothing unknown could change it: a field may narrow what has it, or widen it. */
export function doubtAbout(answer: Answer, hears: Hears | undefined, known: Understanding): Doubt | undefined {
  const { allTrunks, allRules, ids } = groundOf(answer, known);
  if (answer.kind !== "cannot-tell" && known.beside.length > 0) return { kind: "unknown part", places: known.beside };
  if ((allTrunks && !known.hasAllTrunks) || (allRules && !known.hasAllRules)) return { kind: "not given" };
  const strange = [...new Set(ids)].filter((id) => known.strange.has(id));
  if (strange.length > 0) return { kind: "not understood", ids: strange };
  return hiddenIn(answer, hears);
}

/** What LiveKit's API does not show. */
function hiddenIn(answer: Answer, hears: Hears | undefined): Doubt | undefined {
  const isAsked = answer.kind === "challenge" || answer.kind === "wrong-credentials";
  if (isAsked && !answer.trunk.authPassword) return { kind: "password not shown", id: answer.trunk.id };
  const isByPreset = answer.kind === "room" && hears?.answered === "unknown" && hears.agents.length === 0;
  return isByPreset && answer.rule.roomPreset
    ? { kind: "preset not shown", preset: answer.rule.roomPreset }
    : undefined;
}

function groundOf(answer: Answer, known: Understanding): Ground {
  const all = { allTrunks: true, allRules: true };
  const trunks = answer.explanation.trunks.map(({ id }) => id);
  const rules = answer.explanation.rules.map(({ id }) => id);
  switch (answer.kind) {
    case "room":
    case "pin-required":
    case "server-crash":
    case "wrong-pin":
    case "no-match":
      return { ...all, ids: [...trunks, ...rules] };
    case "wrong-credentials":
      return { allTrunks: true, allRules: false, ids: trunks };
    case "challenge": {
      const after = groundOf(answer.then, known);
      return { ...after, ids: [...trunks, ...after.ids] };
    }
    case "cannot-tell":
      return { ...all, ids: [] };
    case "refused":
      return refusedBy(answer, trunks, known);
  }
}

/** Two that are understood and clash refuse the call, whatever the others are. */
function refusedBy(
  { because, candidates }: Extract<Answer, { kind: "refused" }>,
  trunks: readonly string[],
  known: Understanding,
): Ground {
  const understood = candidates.filter((id) => !known.strange.has(id));
  const clashing = understood.length > 1 ? [] : candidates;
  switch (because) {
    case "source-address":
      return { allTrunks: false, allRules: false, ids: [] };
    case "trunks-with-called-number":
      return { allTrunks: false, allRules: false, ids: clashing };
    case "trunks-without-numbers":
      return { allTrunks: true, allRules: false, ids: [...clashing, ...trunks] };
    case "rules":
      return { allTrunks: true, allRules: false, ids: [...trunks, ...clashing] };
    case "rule-of-unknown-kind":
      return { allTrunks: true, allRules: false, ids: [...trunks, ...candidates] };
  }
}

/** Whose project it is decides where a call is answered by LiveKit Cloud and not by an open-source server, or the other way round. */
export function hostDoubt(answer: Answer, onCloud: Answer): Doubt | undefined {
  return answer.kind === onCloud.kind ? undefined : { kind: "host not given", onCloud };
}

export function doubtText(doubt: Doubt): string {
  if (doubt.kind === "host not given")
    return `the host was not given (--host). On LiveKit Cloud: ${outcomeText(doubt.onCloud)} On an open-source server:`;
  if (doubt.kind === "not given") return "not all trunks and rules were given. With what was given:";
  if (doubt.kind === "password not shown")
    return `LiveKit Cloud does not show whether ${shown(doubt.id)} has a password, and asks for none without. With one:`;
  if (doubt.kind === "preset not shown")
    return `the room preset ${quoted(doubt.preset)} may dispatch an agent, and LiveKit's API does not show it.`;
  if (doubt.kind === "unknown part") return `${few(doubt.places)} is not known to this version. Without it:`;
  return `${few(doubt.ids)} ${doubt.ids.length > 1 ? "have" : "has"} something that this version does not know. Without it:`;
}

function few(ids: readonly string[]): string {
  const some = ids.slice(0, MOST_IDS).map((id) => shown(id));
  return `${some.join(", ")}${ids.length > some.length ? ` and ${ids.length - some.length} more` : ""}`;
}

const MOST_IDS = 3;
