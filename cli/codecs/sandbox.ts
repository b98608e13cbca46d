import { SIPInboundTrunkInfo, SIPOutboundTrunkInfo } from "livekit-server-sdk";
import { mediaToLiveKit } from "../../providers/livekit/media.ts";
import type { System } from "../../sandbox/calls/system.ts";
import type { Progress } from "../../sandbox/progress.ts";
import type { DirectEntry } from "./calls.ts";
import type { MediaRules } from "./media-rules.ts";

/** The rules of the trunk on which LiveKit is called, and of the one on which it calls. */
export interface BothRules {
  inbound: MediaRules;
  outbound: MediaRules;
}

/** The whole system on servers of its own, whose trunks have these rules. The caller of this stops it. */
export async function startSystem(system: System, rules: BothRules, progress: Progress): Promise<DirectEntry> {
  await progress.step("LiveKit's servers, Jambonz stand-in", () => system.startServers());
  const auth = await progress.step("trunks", () => giveRules(system, rules));
  await progress.step("middleware", () => system.startMiddleware());
  await progress.step("agent", () => system.startAgent());
  return { target: livekitSipAddress(system), auth };
}

/** Writes the rules to both trunks; returns the user that the inbound trunk asks for. */
async function giveRules({ sip }: System, rules: BothRules): Promise<DirectEntry["auth"]> {
  const [inbound] = await sip.listSipInboundTrunk();
  const [outbound] = await sip.listSipOutboundTrunk();
  if (!inbound || !outbound) throw new Error("the sandbox's LiveKit has no trunks");
  await sip.updateSipInboundTrunk(
    inbound.sipTrunkId,
    new SIPInboundTrunkInfo({ ...inbound, ...mediaOf(rules.inbound) }),
  );
  await sip.updateSipOutboundTrunk(
    outbound.sipTrunkId,
    new SIPOutboundTrunkInfo({ ...outbound, ...mediaOf(rules.outbound) }),
  );
  return { username: inbound.authUsername, password: inbound.authPassword };
}

/** Without the encryption: the sandbox's callers have none. */
function mediaOf({ codecs, onlyListedCodecs }: MediaRules) {
  return mediaToLiveKit({ codecs, onlyListedCodecs, mediaEncryption: "disable", mediaTimeoutSeconds: 0 });
}

/** Where Jambonz dials LiveKit. */
function livekitSipAddress({ jambonz: { account } }: System): string {
  const carrier = account.voip_carriers.find(({ name }) => name.startsWith("LiveKit-"));
  const gateway = account.sip_gateways.find(({ voip_carrier_sid: sid }) => sid === carrier?.voip_carrier_sid);
  if (!gateway) throw new Error("the sandbox's account has no way to LiveKit");
  return `${gateway.ipv4}:${gateway.port}`;
}
