import { readRuleMark } from "../../providers/dynamic/marks.ts";
import { type ApiRule, type Rule, ruleOf, type Trunk, trunkOf } from "../../providers/livekit/routing/index.ts";
import { unknownKindOf } from "./forms/unknown.ts";
import type { SipProject } from "./project.ts";

/** What decides where a project's inbound calls go. */
export interface Routes {
  trunks: Trunk[];
  rules: Rule[];
}

export function routesOf({ inboundTrunks, dispatchRules, unknown, created }: SipProject): Routes {
  return {
    trunks: inboundTrunks.map((trunk) => ({
      ...trunkOf(trunk),
      ...(created?.has(trunk.sipTrunkId) && { isPasswordShown: true }),
    })),
    rules: dispatchRules.map((info) => {
      const rule = ruleOf(info.toJson() as unknown as ApiRule);
      const kind = unknownKindOf(unknown, rule.id);
      return {
        ...rule,
        ...(kind !== undefined && { room: { type: "newer" as const, kind } }),
        ...(readRuleMark(info.name) !== undefined && { declared: true }),
      };
    }),
  };
}
