import type { SipProject } from "../project.ts";

/**
 * LiveKit cannot evaluate a rule without a kind, and refuses to create one. In a file it is more likely that the tool which wrote it did not know
 * the rule's kind, and left it out, as `lk` does with what is newer than it is: what such a rule does cannot be told.
 */
export function withLostKinds(project: SipProject): SipProject {
  const known = new Set(project.unknown?.filter(({ what }) => what === "rule kind").map(({ id }) => id));
  const lost = project.dispatchRules.filter((one) => isWithoutKind(one) && !known.has(one.sipDispatchRuleId));
  const parts = lost.map(({ sipDispatchRuleId: id }) => ({
    id,
    what: "rule kind" as const,
    path: ["rule"],
    value: {},
  }));
  return { ...project, unknown: [...(project.unknown ?? []), ...parts] };
}

function isWithoutKind({ rule }: SipProject["dispatchRules"][number]): boolean {
  return rule?.rule.case === undefined;
}
