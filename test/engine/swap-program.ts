/**
 * A Pulumi program, run by the real engine in the place of infra/index.ts: inbound trunks as the configuration names them,
 * each with its rule, their guard, and the removal of the legacy trunks that the configuration lists.
 */
import * as pulumi from "@pulumi/pulumi";
import { LegacySipCleanup, SipDispatchRule, SipInboundTrunk, SipRouting } from "@trunkline/providers";

interface Declared {
  name: string;
  calledNumbers: string[];
  callerNumbers?: string[];
}

const config = new pulumi.Config();
const host = config.require("livekitUrl");
const declared = config.requireObject<Record<string, Declared>>("trunks");
const legacyIds = config.requireObject<string[]>("legacyIds");
const target = { type: "callee" } as const;

const ruleOf = (trunk: string) => ({ name: `calls of ${trunk}`, target });
const names = Object.keys(declared);
const guard = new SipRouting("routing", {
  host,
  trunks: declared,
  rules: Object.fromEntries(names.map((name) => [name, { ...ruleOf(name), trunks: [name] }])),
  removes: legacyIds,
  retires: config.requireObject<string[]>("retires"),
});
const { stackId } = guard;
const made = Object.entries(declared).map(([name, args]) => {
  const trunk = new SipInboundTrunk(name, { host, stackId, ...args, legacyIds }, { dependsOn: guard });
  const rule = new SipDispatchRule(
    name,
    { host, stackId, ...ruleOf(name), trunkIds: [trunk.sipTrunkId] },
    { dependsOn: guard },
  );
  return { trunk, rule };
});
new LegacySipCleanup(
  "legacy",
  { host, inboundTrunkIds: legacyIds },
  { dependsOn: made.flatMap(({ trunk, rule }) => [trunk, rule]) },
);
