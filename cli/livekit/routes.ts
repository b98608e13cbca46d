import { type ApiRule, type Rule, ruleOf, type Trunk, trunkOf } from "../../providers/livekit/routing/index.ts";
import type { SipProject } from "./project.ts";

/** What decides where a project's inbound calls go. */
export interface Routes {
  trunks: Trunk[];
  rules: Rule[];
}

export function routesOf({ inboundTrunks, dispatchRules }: SipProject): Routes {
  return {
    trunks: inboundTrunks.map(trunkOf),
    rules: dispatchRules.map((rule) => ruleOf(rule.toJson() as unknown as ApiRule)),
  };
}
