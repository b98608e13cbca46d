import type { Answer } from "../../providers/livekit/routing/index.ts";
import { shown } from "../../providers/text/foreign.ts";
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
  | { kind: "not understood"; ids: readonly string[] };

/**
 * A call that is answered stays so for a field that this version does not know: the notes name it. That a call is not answered is only said when
 * nothing unknown could be the reason that it is.
 */
export function doubtAbout(answer: Answer, hears: Hears | undefined, known: Understanding): Doubt | undefined {
  const { allTrunks, allRules, ids } = groundOf(answer, known);
  if ((allTrunks && !known.hasAllTrunks) || (allRules && !known.hasAllRules)) return { kind: "not given" };
  if (answer.kind === "room" && hears?.answered !== "no") return undefined;
  const strange = [...new Set(ids)].filter((id) => known.strange.has(id));
  return strange.length > 0 ? { kind: "not understood", ids: strange } : undefined;
}

function groundOf(answer: Answer, known: Understanding): Ground {
  const own = answer.trunk ? [answer.trunk.id] : [];
  const all = { allTrunks: true, allRules: true };
  const trunks = answer.explanation.trunks.map(({ id }) => id);
  const rules = answer.explanation.rules.map(({ id }) => id);
  switch (answer.kind) {
    case "room":
      return { ...all, ids: [answer.rule.id] };
    case "pin-required":
    case "server-crash":
      return { ...all, ids: [...own, answer.rule.id] };
    case "wrong-pin":
    case "no-match":
      return { ...all, ids: [...(answer.trunk ? own : trunks), ...rules] };
    case "wrong-credentials":
      return { allTrunks: true, allRules: false, ids: own };
    case "challenge": {
      const after = groundOf(answer.then, known);
      return { ...after, ids: [...own, ...after.ids] };
    }
    case "cannot-tell":
      return { ...all, ids: [] };
    case "refused":
      return refusedBy(answer, trunks, known);
  }
}

/** Two that are understood and clash refuse the call, whatever the others are. */
function refusedBy(
  { because, candidates, trunk }: Extract<Answer, { kind: "refused" }>,
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
      return { allTrunks: true, allRules: false, ids: [...(trunk ? [trunk.id] : trunks), ...clashing] };
    case "rule-of-unknown-kind":
      return { allTrunks: true, allRules: false, ids: [...(trunk ? [trunk.id] : trunks), ...candidates] };
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
  const some = doubt.ids.slice(0, MOST_IDS).map((id) => shown(id));
  const more = doubt.ids.length > some.length ? ` and ${doubt.ids.length - some.length} more` : "";
  return `${some.join(", ")}${more} ${doubt.ids.length > 1 ? "have" : "has"} something that this version does not know. Without it:`;
}

const MOST_IDS = 3;
