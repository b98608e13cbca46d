import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { RoomAgentDispatch, RoomConfiguration } from "livekit-server-sdk";
import type { PlaceCallOptions } from "../../sandbox/callers/sipp-caller.ts";
import { CALLED, type System } from "../../sandbox/calls/system.ts";
import { AGENT_NAME, newCallId, roomName } from "../../service/shared/index.ts";

/**
 * How a call comes to its agent. `usual` is what LiveKit's guides show: an inbound trunk with the number it serves, and a rule that
 * opens a room for each call and sends the agent into it; no webhook, no room ahead of the call. `usual-jambonz` is the same
 * behind Jambonz, which dials the called number at the project's SIP host (`/livekit-simple`). `ahead` is the leg of `dial` alone,
 * called straight at LiveKit, its room made HEAD_START_MS before: what an SBC gets that takes so long to place its INVITE.
 */
export type Way = "dial" | "callback" | "usual" | "usual-jambonz" | "ahead";
export const WAYS: readonly Way[] = ["dial", "usual", "callback", "usual-jambonz", "ahead"];

/** Longer than an agent needs to be in the room. */
const HEAD_START_MS = 600;
const USUAL_NUMBER = "+4989300";
const USUAL_CARRIER_NUMBER = "+4989301";
const DIRECT_HOLD_MS = 1_000;
/** Hold music, the agent's leg and Jambonz's pause before it joins the two. */
const CALLBACK_HOLD_MS = 3_500;

/** What has to be said to `System.call`. Asked anew for each call: it may have something to prepare. */
export type Route = () => Promise<Partial<PlaceCallOptions>>;

/** Declares the usual way in LiveKit and Jambonz beside the system's own. */
export async function makeRoutes(system: System): Promise<Record<Way, Route>> {
  await makeUsualEntry(system);
  addSimpleNumber(system);
  const target = livekitSipHost(system);
  return {
    dial: async () => ({ to: CALLED.dial, holdMs: DIRECT_HOLD_MS }),
    callback: async () => ({ to: CALLED.callback, holdMs: CALLBACK_HOLD_MS }),
    usual: async () => ({ to: USUAL_NUMBER, target, holdMs: DIRECT_HOLD_MS }),
    "usual-jambonz": async () => ({ to: USUAL_CARRIER_NUMBER, holdMs: DIRECT_HOLD_MS }),
    ahead: async () => ({ to: await makeRoom(system), target, holdMs: DIRECT_HOLD_MS, auth: credentialsOf(system) }),
  };
}

/** A room with its agent, as the middleware makes it; the head start is over when its name is returned. */
async function makeRoom({ rooms }: System): Promise<string> {
  const callId = newCallId();
  const metadata = JSON.stringify({ callId, flow: "dial", caller: "unknown", called: "unknown" });
  await rooms.createRoom({
    name: roomName(callId),
    departureTimeout: 5,
    agents: [new RoomAgentDispatch({ agentName: AGENT_NAME, metadata })],
  });
  await pause(HEAD_START_MS);
  return roomName(callId);
}

function credentialsOf({ jambonz }: System): { username: string; password: string } {
  const carrier = jambonz.account.voip_carriers.find(({ register_username }) => register_username);
  return { username: carrier?.register_username ?? "", password: carrier?.register_password ?? "" };
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

function addSimpleNumber({ jambonz: { account } }: System): void {
  const [calls] = account.applications;
  const phone = account.voip_carriers.find(({ name }) => name === "Schmidtkom");
  if (!calls?.call_hook || !phone) throw new Error("the sandbox's account has no phone carrier");
  const url = calls.call_hook.url.replace("/livekit-api", "/livekit-simple");
  const application = {
    ...calls,
    application_sid: randomUUID(),
    name: "usual",
    call_hook: { ...calls.call_hook, url },
  };
  account.applications.push(application);
  account.phone_numbers.push({
    phone_number_sid: randomUUID(),
    account_sid: account.account_sid,
    number: USUAL_CARRIER_NUMBER.slice(1),
    voip_carrier_sid: phone.voip_carrier_sid,
    application_sid: application.application_sid,
  });
}
