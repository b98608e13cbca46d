import { dispatchRuleKind, inboundTrunkKind } from "../../providers/livekit/kinds.ts";
import type { Kind } from "../../providers/livekit/ownership.ts";
import { type Finding, isSure, lint, mistakes } from "../../providers/livekit/routing/index.ts";
import { AGENT_NAME } from "../../service/shared/index.ts";
import type { AgentSeen } from "../livekit/agents-seen.ts";
import type { SipProject } from "../livekit/project.ts";
import { routesOf } from "../livekit/routes.ts";
import { surveyOf } from "../livekit/survey.ts";
import { targetOf } from "../livekit/target.ts";
import { type Understanding, understandingOf } from "../livekit/understanding.ts";

/** Findings that are sure, and those that would only hold if what is not known decided nothing. */
export interface Judged {
  findings: Finding[];
  leftOut: Finding[];
}

/** Everything about a project's routing, its trunks and its rules that does, or could, surprise whoever made them; errors first. */
export function judge(
  project: SipProject,
  declaredAgents: readonly string[],
  agents: readonly AgentSeen[] = [],
  known: Understanding = understandingOf(project),
): Judged {
  const { true: findings = [], false: leftOut = [] } = Object.groupBy(
    everyFinding(project, declaredAgents, agents),
    (one) => (isSure(one, known) ? "true" : "false"),
  );
  return { findings: findings.toSorted((a, b) => rank(a) - rank(b)), leftOut };
}

/** Those that are sure. */
export function findingsOf(project: SipProject, declaredAgents: readonly string[]): Finding[] {
  return judge(project, declaredAgents).findings;
}

function everyFinding(project: SipProject, declaredAgents: readonly string[], agents: readonly AgentSeen[]): Finding[] {
  const routes = routesOf(project);
  const target = targetOf(project.host);
  const registered = agents.filter((agent) => agent.registered === "yes").map(({ name }) => name);
  const agentNames = [AGENT_NAME, ...declaredAgents, ...registered];
  const unanswered = new Map(agents.filter((agent) => agent.registered === "no").map(({ name, why }) => [name, why]));
  return [
    ...lint(routes.trunks, routes.rules, {
      own: declaredIn(project),
      agentNames,
      areAgentNamesAll: declaredAgents.length > 0,
      target,
    }),
    ...mistakes(surveyOf(project, { target, agentNames, unanswered }, routes)),
  ];
}

/** What a stack has declared: its clashes must not drown among those of others. */
function declaredIn({ inboundTrunks, dispatchRules }: SipProject): Set<string> {
  return new Set([...markedIds(inboundTrunkKind, inboundTrunks), ...markedIds(dispatchRuleKind, dispatchRules)]);
}

function markedIds<Live>({ idOf, markOf }: Kind<Live>, objects: Live[]): string[] {
  return objects.filter((object) => markOf(object) !== undefined).map(idOf);
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
