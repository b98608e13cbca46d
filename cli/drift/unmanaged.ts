import { type Mark, markText, sameStack } from "../../providers/dynamic/marks.ts";
import { dispatchRuleKind, inboundTrunkKind, outboundTrunkKind } from "../../providers/livekit/kinds.ts";
import type { Kind } from "../../providers/livekit/ownership.ts";
import { lint } from "../../providers/livekit/routing/index.ts";
import { quoted } from "../../providers/text/foreign.ts";
import { isRefusingCalls } from "../doctor/causes.ts";
import type { SipProject } from "../livekit/project.ts";
import { routesOf } from "../livekit/routes.ts";
import { targetOf } from "../livekit/target.ts";
import type { Difference } from "./difference.ts";
import { isRevived, legacy } from "./legacy.ts";

/** What the state says about the live project. */
export interface Known {
  /** Ids in the state, and those that were allowed by hand. */
  ids: ReadonlySet<string>;
  /** Whose stack this is; `name` does not matter. Undefined: the state has nothing in LiveKit. */
  owner: Mark | undefined;
  /** Labels of removed legacy objects. */
  removed: string[];
}

/** Trunks and rules that no stack has declared, or that this stack has made and forgotten. Other stacks' are theirs. */
export function unmanagedDifferences(project: SipProject, known: Known): Difference[] {
  return [
    ...of(inboundTrunkKind, project.inboundTrunks, known),
    ...of(outboundTrunkKind, project.outboundTrunks, known),
    ...of(dispatchRuleKind, project.dispatchRules, known),
  ];
}

function of<Live>(kind: Kind<Live>, objects: Live[], known: Known): Difference[] {
  return objects.filter((object) => !known.ids.has(kind.idOf(object))).flatMap((object) => judge(kind, object, known));
}

function judge<Live>(kind: Kind<Live>, object: Live, { owner, removed }: Known): Difference[] {
  const [id, name, mark] = [kind.idOf(object), kind.nameOf(object), kind.markOf(object)];
  const label = `${kind.label} ${quoted(name)}`;
  if (mark === undefined)
    return isRevived(kind.label, name, removed) ? [legacy(id, label, REVIVED)] : [unmanaged(id, label, BY_HAND)];
  const isOurs = owner !== undefined && sameStack(mark, owner);
  return isOurs ? [unmanaged(id, label, forgotten(mark))] : [];
}

const REVIVED =
  "An object of this kind and name was removed, and was made again by hand. List its id (npx --no-install trunkline doctor --write), then heal.";
const BY_HAND =
  "No stack has declared it. Declare it (adopt), remove it (npx --no-install trunkline doctor --write, or by hand), or say --allow.";

function forgotten(mark: Mark): string {
  return `It has the mark ${markText(mark)}, and is not in this stack's state. \`pulumi up\` takes it over if it is declared; else delete it.`;
}

function unmanaged(id: string, object: string, what: string): Difference {
  return { kind: "unmanaged", system: "LiveKit", object, id, field: "", declared: undefined, live: id, what };
}

/** Live trunks and rules because of which LiveKit answers calls with 503, whoever made them; this stack's first. */
export function conflictDifferences(project: SipProject, own: ReadonlySet<string>): Difference[] {
  const { trunks, rules } = routesOf(project);
  const findings = lint(trunks, rules, { own, target: targetOf(project.host) }).filter(isRefusingCalls);
  return findings.map(({ ids, message }) => conflict([...new Set(ids)].join(", "), message));
}

export function conflict(id: string, what: string): Difference {
  return {
    kind: "conflict",
    system: "LiveKit",
    object: "routing",
    id,
    field: "",
    declared: undefined,
    live: undefined,
    what,
  };
}
