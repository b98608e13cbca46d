import { dispatchRuleKind, inboundTrunkKind } from "../../providers/livekit/kinds.ts";
import type { Kind } from "../../providers/livekit/ownership.ts";
import { type Finding, type FindingCode, lint, mistakes } from "../../providers/livekit/routing/index.ts";
import { AGENT_NAME } from "../../service/shared/index.ts";
import type { AgentSeen } from "../livekit/agents-seen.ts";
import { missingParts } from "../livekit/completeness.ts";
import type { SipProject } from "../livekit/project.ts";
import { routesOf } from "../livekit/routes.ts";
import { surveyOf, targetOf } from "../livekit/survey.ts";

/** Findings that say that something is missing; where nobody gave the list, nothing is known to be. */
const NEED_RULES: ReadonlySet<FindingCode> = new Set(["TRUNK_WITHOUT_RULE"]);
const NEED_TRUNKS: ReadonlySet<FindingCode> = new Set([
  "RULE_POINTS_TO_DELETED_TRUNK",
  "RULE_NEVER_MATCHES",
  "RULE_NAMES_OUTBOUND_TRUNK",
]);

/** Everything about a project's routing, its trunks and its rules that does, or could, surprise whoever made them; errors first. */
export function findingsOf(
  project: SipProject,
  declaredAgents: readonly string[],
  agents: readonly AgentSeen[] = [],
): Finding[] {
  const routes = routesOf(project);
  const target = targetOf(project.host);
  const registered = agents.filter((agent) => agent.registered === "yes").map(({ name }) => name);
  const agentNames = [AGENT_NAME, ...declaredAgents, ...registered];
  const unanswered = new Map(agents.filter((agent) => agent.registered === "no").map(({ name, why }) => [name, why]));
  const found = [
    ...lint(routes.trunks, routes.rules, {
      own: declaredIn(project),
      agentNames,
      areAgentNamesAll: declaredAgents.length > 0,
      target,
    }),
    ...mistakes(surveyOf(project, { target, agentNames, unanswered }, routes)),
  ];
  const isWhole = missingParts(project).length === 0;
  return found.filter(({ code }) => isKnown(code, project, isWhole)).toSorted((a, b) => rank(a) - rank(b));
}

/** What a stack has declared: its clashes must not drown among those of others. */
function declaredIn({ inboundTrunks, dispatchRules }: SipProject): Set<string> {
  return new Set([...markedIds(inboundTrunkKind, inboundTrunks), ...markedIds(dispatchRuleKind, dispatchRules)]);
}

function markedIds<Live>({ idOf, markOf }: Kind<Live>, objects: Live[]): string[] {
  return objects.filter((object) => markOf(object) !== undefined).map(idOf);
}

function isKnown(code: FindingCode, { given }: SipProject, isWhole: boolean): boolean {
  if (given === undefined || isWhole) return true;
  if (given.inboundTrunks && given.dispatchRules) return !NEED_RULES.has(code) && !NEED_TRUNKS.has(code);
  return (given.dispatchRules || !NEED_RULES.has(code)) && (given.inboundTrunks || !NEED_TRUNKS.has(code));
}

function rank({ severity }: Finding): number {
  return severity === "error" ? 0 : 1;
}

/** The agents that a project's rules dispatch. */
export function agentNamesIn({ dispatchRules }: SipProject): string[] {
  return [
    ...new Set(dispatchRules.flatMap(({ roomConfig }) => roomConfig?.agents.map(({ agentName }) => agentName) ?? [])),
  ];
}
