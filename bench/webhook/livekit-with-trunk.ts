import { SipClient } from "livekit-server-sdk";
import type { Supervisor } from "../../sandbox/processes/supervisor.ts";
import { type LivekitServer, startLivekitServer } from "../../sandbox/servers/livekit-server.ts";
import { startLivekitSip } from "../../sandbox/servers/livekit-sip.ts";
import { openBusyPhone } from "./busy-phone.ts";

/** LiveKit with its SIP service and an outbound trunk to a phone that is always busy. */
export async function startWithTrunk(
  supervisor: Supervisor,
  redisPort: number,
): Promise<LivekitServer & { trunkId: string }> {
  const livekit = await startLivekitServer(supervisor, { redisPort });
  const sip = await startLivekitSip(supervisor, { livekit, redisPort });
  const phone = await openBusyPhone();
  void sip.running.exited.then(() => phone.close());
  const { httpUrl, apiKey, apiSecret } = livekit;
  const client = new SipClient(httpUrl, apiKey, apiSecret);
  const trunk = await client.createSipOutboundTrunk("bench", phone.address, ["+4930123456"], { transport: 1 });
  return { ...livekit, trunkId: trunk.sipTrunkId };
}
