import { SipClient } from "livekit-server-sdk";
import type { LivekitServer } from "../servers/livekit-server.ts";
import type { SandboxState } from "./state.ts";

/** What a hand-made set-up leaves behind: an open inbound trunk without credentials or numbers, and two rules for it. */
export async function seedLegacy(livekit: LivekitServer): Promise<NonNullable<SandboxState["legacy"]>> {
  const sip = new SipClient(livekit.httpUrl, livekit.apiKey, livekit.apiSecret);
  const trunk = await sip.createSipInboundTrunk("hand-made carrier trunk", [], { allowedAddresses: ["192.0.2.0/24"] });
  const rules = [
    await sip.createSipDispatchRule(
      { type: "individual", roomPrefix: "inbound-" },
      { name: "hand-made rule", trunkIds: [trunk.sipTrunkId] },
    ),
    await sip.createSipDispatchRule(
      { type: "direct", roomName: "lobby", pin: "4711" },
      { name: "hand-made rule with a PIN", trunkIds: [trunk.sipTrunkId] },
    ),
  ];
  return { inboundTrunkIds: [trunk.sipTrunkId], dispatchRuleIds: rules.map((rule) => rule.sipDispatchRuleId) };
}
