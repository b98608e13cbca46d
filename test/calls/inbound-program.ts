/**
 * A Pulumi program, run by the real engine in the place of infra/index.ts: an inbound path as the flow `dial` has it, its
 * guard, and the removal of the legacy objects that the stack file lists.
 */
import * as pulumi from "@pulumi/pulumi";
import { LegacySipCleanup, SipDispatchRule, SipInboundTrunk, SipRouting } from "@trunkline/providers";

const config = new pulumi.Config();
const host = config.require("livekitUrl");
const legacy = config.requireObject<{ inboundTrunkIds: string[]; dispatchRuleIds: string[] }>("legacy");
const legacyIds = [...legacy.inboundTrunkIds, ...legacy.dispatchRuleIds];
const name = "calls of the SBC";
const credentials = { authUsername: "carrier", authPassword: config.requireSecret("sipPassword") };
const target = { type: "callee" } as const;

const guard = new SipRouting("routing", {
  host,
  trunks: { dial: { name, ...credentials } },
  rules: { dial: { name, target, trunks: ["dial"] } },
  removes: legacyIds,
});
const trunk = new SipInboundTrunk("dial", { host, name, ...credentials, legacyIds }, { dependsOn: guard });
const rule = new SipDispatchRule("dial", { host, name, target, trunkIds: [trunk.sipTrunkId], legacyIds });
const cleanup = new LegacySipCleanup("legacy", { host, ...legacy }, { dependsOn: [trunk, rule] });

export const trunkId = trunk.sipTrunkId;
export const removedIds = cleanup.removedIds;
