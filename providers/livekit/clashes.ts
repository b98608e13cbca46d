import type { SIPDispatchRuleInfo, SIPInboundTrunkInfo } from "livekit-server-sdk";
import {
  type ApiRule,
  type Call,
  type Conflict,
  findConflicts,
  lint,
  type Rule,
  ruleOf,
  type Trunk,
  trunkOf,
} from "./routing/index.ts";

/** Why two live or wanted objects cannot stand side by side, with an example; undefined when they can. */
export function trunkClash(a: SIPInboundTrunkInfo, b: SIPInboundTrunkInfo): string | undefined {
  const trunks = [
    { ...trunkOf(a), id: "a" },
    { ...trunkOf(b), id: "b" },
  ];
  return describeFirst(findConflicts(trunks, [])) ?? refusedByApi(trunks, []);
}

/** The same for rules, whatever trunks there are now: those they name are taken as existing. */
export function ruleClash(a: SIPDispatchRuleInfo, b: SIPDispatchRuleInfo): string | undefined {
  const rules = [
    { ...routingRule(a), id: "a" },
    { ...routingRule(b), id: "b" },
  ];
  const trunks = [...new Set([...a.trunkIds, ...b.trunkIds])].map(
    (id, index): Trunk => ({ id, allowedAddresses: [`192.0.2.${(index % 250) + 1}`] }),
  );
  return describeFirst(findConflicts(trunks, rules)) ?? refusedByApi(trunks, rules);
}

/** A live rule in the words of the routing rules. */
export function routingRule(rule: SIPDispatchRuleInfo): Rule {
  return ruleOf(rule.toJson() as unknown as ApiRule);
}

/** A conflict that every caller can run into, not only one who writes another's address into From. */
function isPlain(conflict: Conflict): boolean {
  return !conflict.spoofed;
}

/** `a call from +49… to +49… (from address 192.0.2.1) is answered 503 Try again later` */
export function exampleText({ example, sip }: Conflict): string {
  return `a call ${callText(example)} is answered ${sip.status ?? ""} ${sip.reason}`;
}

function callText({ caller, called, sourceAddress }: Call): string {
  return `from ${caller || "an anonymous caller"} to ${called || "any number"} (source address ${sourceAddress})`;
}

function describeFirst(conflicts: Conflict[]): string | undefined {
  const conflict = conflicts.find(isPlain);
  return conflict === undefined ? undefined : exampleText(conflict);
}

/** The API also refuses some pairs that no call would run into. */
function refusedByApi(trunks: Trunk[], rules: Rule[]): string | undefined {
  return lint(trunks, rules).find(({ code, ids }) => code === "API_REFUSES" && ids.length > 1)?.message;
}
