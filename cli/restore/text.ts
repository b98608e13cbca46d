import { quoted, shown } from "../../providers/text/foreign.ts";
import type { Step } from "./apply.ts";
import type { RestorePlan } from "./plan.ts";

/** What a restore would do, a line each; nothing for what is there already. */
export function describePlan({ trunks, rules, pointing, foreign }: RestorePlan): string[] {
  const missing = [...trunks, ...rules].filter(({ liveId }) => liveId === undefined);
  return [
    ...missing.map(({ copy }) => `create   ${label(copy.object.name)} (was ${shown(copy.id)})`),
    ...pointing.map(
      (rule) => `rewrite  ${label(rule.name)} ${shown(rule.sipDispatchRuleId)}: points to a removed trunk`,
    ),
    ...foreign.map(
      (rule) =>
        `leave    ${label(rule.name)} ${shown(rule.sipDispatchRuleId)}: points to a removed trunk, but a stack owns it`,
    ),
  ];
}

export function describeStep({ action, kind, name, oldId, id }: Step): string {
  const what = kind === "inboundTrunk" ? "inbound trunk" : "dispatch rule";
  const ids = action === "created" ? `${shown(id)} (was ${shown(oldId)})` : shown(id);
  return `${action.padEnd(9)} ${what} ${label(name)} ${ids}`;
}

function label(name: string): string {
  return quoted(name);
}
