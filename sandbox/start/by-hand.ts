import { RoomAgentDispatch, RoomConfiguration, SipClient } from "livekit-server-sdk";
import type { LivekitServer } from "../servers/livekit-server.ts";
import { CALLED, CALLER } from "./call.ts";
import type { Services } from "./declare.ts";
import type { StackState } from "./state.ts";

const AGENT = "my-telephony-agent";

/**
 * A set-up as people make it in the portals, before anything is declared: a phone carrier and an application whose webhook is the
 * static dial, and two inbound trunks with their rules. The second trunk was added for one caller; with the first it takes
 * that caller's calls twice, so LiveKit answers them 503 (facts: see providers/livekit/routing).
 */
export async function makeByHand(livekit: LivekitServer, state: StackState): Promise<void> {
  await makeTrunk(livekit, "SBC", { allowedAddresses: ["127.0.0.0/8"] });
  await makeTrunk(livekit, "one caller", { allowedAddresses: ["127.0.0.1/32"], allowedNumbers: [CALLER] });
  const hook = (path: string) => ({ url: `http://127.0.0.1:${state.ports.middleware}${path}` });
  const application_sid = await inPortal(state, "Applications", {
    name: "livekit",
    call_hook: hook("/livekit-simple"),
    call_status_hook: hook("/livekit-api/status"),
  });
  const carrier = await inPortal(state, "VoipCarriers", { name: "Schmidtkom", application_sid });
  const gateway = { ipv4: "127.0.0.1", port: 5060, inbound: 1, outbound: 0 };
  await inPortal(state, "SipGateways", { voip_carrier_sid: carrier, ...gateway });
  await inPortal(state, "PhoneNumbers", { number: CALLED, voip_carrier_sid: carrier, application_sid });
}

/** The configuration of services that were deployed by hand: no outbound trunk is known to them. */
export function servicesByHand(livekit: LivekitServer, { webhookSecret, ports }: StackState): Services {
  const { url: LIVEKIT_URL, apiKey: LIVEKIT_API_KEY, apiSecret: LIVEKIT_API_SECRET } = livekit;
  const project = { LIVEKIT_URL, LIVEKIT_API_KEY, LIVEKIT_API_SECRET };
  const middleware = {
    ...project,
    JAMBONZ_WEBHOOK_SECRETS: webhookSecret,
    LIVEKIT_OUTBOUND_TRUNK_ID: "ST_none",
    LIVEKIT_SIP_HOST: `127.0.0.1:${ports.livekitSip}`,
    TRUNKLINE_STACK: "local",
    ANNOUNCEMENT: "",
  };
  return { middleware, agent: { ...project, AGENT_CONVERSATION: "echo" } };
}

async function makeTrunk(livekit: LivekitServer, name: string, allowed: object): Promise<void> {
  const sip = new SipClient(livekit.httpUrl, livekit.apiKey, livekit.apiSecret);
  const trunk = await sip.createSipInboundTrunk(`${name} (by hand)`, [], allowed);
  const roomConfig = new RoomConfiguration({ agents: [new RoomAgentDispatch({ agentName: AGENT })] });
  const rule = { name: `${name} (by hand)`, trunkIds: [trunk.sipTrunkId], roomConfig };
  await sip.createSipDispatchRule({ type: "individual", roomPrefix: "inbound-" }, rule);
}

/** Makes a row as the portal does; returns its sid. */
async function inPortal({ jambonzApi }: StackState, kind: string, row: object): Promise<string> {
  const headers = { authorization: `Bearer ${jambonzApi.key}`, "content-type": "application/json" };
  const request = { method: "POST", headers, body: JSON.stringify(row) };
  const answer = await fetch(`http://127.0.0.1:${jambonzApi.port}/v1/${kind}`, request);
  const { sid } = (await answer.json()) as { sid?: string };
  if (sid === undefined) throw new Error(`${kind}: the stand-in answered ${answer.status}`);
  return sid;
}
