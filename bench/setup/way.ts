import { randomUUID } from "node:crypto";
import { RoomAgentDispatch, RoomConfiguration } from "livekit-server-sdk";
import type { PlaceCallOptions } from "../../sandbox/callers/sipp-caller.ts";
import { CALLED, type System } from "../../sandbox/calls/system.ts";
import { AGENT_NAME } from "../../service/shared/index.ts";

/**
 * How a call comes to its agent. `usual` is what LiveKit's guides show: an inbound trunk with the number it serves, and a rule that
 * opens a room for each call and sends the agent into it; no webhook, no room ahead of the call. `usual-jambonz` is the same
 * behind Jambonz, which dials the called number at the project's SIP host (`/livekit-simple`). `dial-standby` is `dial` with the setting
 * `standbyRooms: 1`: the agent waits in a room for the call.
 */
export type Way = "dial-standby" | "dial" | "usual" | "callback" | "usual-jambonz";
export const WAYS: readonly Way[] = ["dial-standby", "usual", "dial", "callback", "usual-jambonz"];

const STANDBY_ROOMS = 1;
const STANDBY_NUMBER = "+4989302";
const USUAL_NUMBER = "+4989300";
const USUAL_CARRIER_NUMBER = "+4989301";
const DIRECT_HOLD_MS = 1_000;
/** Hold music, the agent's leg and Jambonz's pause before it joins the two. */
const CALLBACK_HOLD_MS = 3_500;

/** What has to be said to `System.call`. */
export type Route = Partial<PlaceCallOptions>;

/** Declares the usual way in LiveKit and Jambonz beside the system's own, and the middleware that keeps rooms ready. */
export async function makeRoutes(system: System): Promise<Record<Way, Route>> {
  await makeUsualEntry(system);
  addNumber(system, USUAL_CARRIER_NUMBER, (url) => url.replace("/livekit-api", "/livekit-simple"));
  const middleware = await system.startOtherMiddleware({ CALL_FLOW: "dial", STANDBY_ROOMS: String(STANDBY_ROOMS) });
  addNumber(system, STANDBY_NUMBER, (url) => middleware + new URL(url).pathname);
  return {
    "dial-standby": { to: STANDBY_NUMBER, holdMs: DIRECT_HOLD_MS },
    dial: { to: CALLED.dial, holdMs: DIRECT_HOLD_MS },
    callback: { to: CALLED.callback, holdMs: CALLBACK_HOLD_MS },
    usual: { to: USUAL_NUMBER, target: livekitSipHost(system), holdMs: DIRECT_HOLD_MS },
    "usual-jambonz": { to: USUAL_CARRIER_NUMBER, holdMs: DIRECT_HOLD_MS },
  };
}

/** Where Jambonz reaches the project's SIP service. */
export function livekitSipHost({ jambonz }: System): string {
  const gateway = jambonz.account.sip_gateways.find(({ outbound }) => outbound === 1);
  if (!gateway) throw new Error("the sandbox's account has no gateway to LiveKit");
  return `${gateway.ipv4}:${gateway.port}`;
}

async function makeUsualEntry({ sip }: System): Promise<void> {
  const numbers = [USUAL_NUMBER, USUAL_CARRIER_NUMBER];
  const trunk = await sip.createSipInboundTrunk("the usual way", numbers, { allowedAddresses: ["127.0.0.0/8"] });
  // The agent greets at once, as it does in `dial`.
  const metadata = JSON.stringify({ callId: "usual", flow: "dial", caller: "unknown", called: "unknown" });
  const agents = [new RoomAgentDispatch({ agentName: AGENT_NAME, metadata })];
  await sip.createSipDispatchRule(
    { type: "individual", roomPrefix: "usual-" },
    {
      name: "a room and an agent for each call",
      trunkIds: [trunk.sipTrunkId],
      roomConfig: new RoomConfiguration({ agents }),
    },
  );
}

/** A number of the phone carrier whose calls go to another webhook than the others'. */
function addNumber({ jambonz: { account } }: System, number: string, hook: (url: string) => string): void {
  const [calls] = account.applications;
  const phone = account.voip_carriers.find(({ name }) => name === "Schmidtkom");
  if (!calls?.call_hook || !phone) throw new Error("the sandbox's account has no phone carrier");
  const application_sid = randomUUID();
  const call_hook = { ...calls.call_hook, url: hook(calls.call_hook.url) };
  account.applications.push({ ...calls, application_sid, name: number, call_hook });
  account.phone_numbers.push({
    phone_number_sid: randomUUID(),
    account_sid: account.account_sid,
    number: number.slice(1),
    voip_carrier_sid: phone.voip_carrier_sid,
    application_sid,
  });
}
