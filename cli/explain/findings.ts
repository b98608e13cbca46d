import type { Answer, Finding, FindingCode } from "../../providers/livekit/routing/index.ts";
import { findingsOf } from "../doctor/findings.ts";
import type { SipProject } from "../livekit/project.ts";

/** Said by the answer itself, by what the caller hears, or by the notes. */
const SAID_ALREADY: ReadonlySet<FindingCode> = new Set([
  "CALLS_CLASH",
  "RULE_CLASHES_WITH_ITSELF",
  "TRUNK_WITHOUT_RULE",
  "RULE_WITHOUT_AGENT",
  "UNKNOWN_AGENT",
  "AGENT_NOT_REGISTERED",
  "UNKNOWN_RULE_KIND",
  "UNKNOWN_FIELD",
  "UNKNOWN_VALUE",
]);

/** What `doctor` finds about the trunks and rules that decided this call, or could have taken it. */
export function findingsAbout(project: SipProject, answer: Answer): Finding[] {
  const ids = idsInPlay(answer);
  return findingsOf(project, []).filter((one) => !SAID_ALREADY.has(one.code) && one.ids.some((id) => ids.has(id)));
}

function idsInPlay(answer: Answer): Set<string> {
  const own = answer.trunk ? [answer.trunk.id] : [];
  switch (answer.kind) {
    case "room":
    case "pin-required":
    case "server-crash":
      return new Set([...own, answer.rule.id]);
    case "challenge":
      return new Set([...own, ...idsInPlay(answer.then)]);
    case "cannot-tell":
      return new Set([...own, ...answer.rules, ...idsInPlay(answer.otherwise)]);
    case "refused":
      return new Set([...own, ...answer.candidates]);
    case "wrong-credentials":
      return new Set(own);
    case "wrong-pin":
    case "no-match":
      return new Set([...own, ...passedOver(answer)]);
  }
}

/** The rules of the call's trunk; without a trunk, all trunks and rules. */
function passedOver({ trunk, explanation: { trunks, rules } }: Answer): string[] {
  const candidates = trunk ? rules.filter(({ verdict }) => verdict !== "other-trunk") : [...trunks, ...rules];
  return candidates.map(({ id }) => id);
}
