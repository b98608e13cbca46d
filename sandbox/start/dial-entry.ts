import { MEDIA_TIMEOUT_SECONDS } from "@trunkline/contract";
import { SIPInboundTrunkInfo, SipClient } from "livekit-server-sdk";
import { headersToAttributes } from "../../service/shared/index.ts";
import type { LivekitServer } from "../servers/livekit-server.ts";

export interface DialEntryOptions {
  username: string;
  password: string;
  /** Headers of the phone carrier that reach the agent as attributes. */
  carrierHeaders: readonly string[];
}

/** Longer than jambonz lets it ring. */
const RINGING_SECONDS = 30;
/** What both trunks of a stack have. */
export const { media: MEDIA } = new SIPInboundTrunkInfo({
  media: { mediaTimeout: { seconds: BigInt(MEDIA_TIMEOUT_SECONDS) } },
});

/**
 * LiveKit's side of the flow `dial`, as it is declared for a stack: one inbound trunk that asks for a password, and one
 * rule that takes the called user for the room's name. Returns the trunk's id.
 */
export async function makeDialEntry(livekit: LivekitServer, options: DialEntryOptions): Promise<string> {
  const sip = new SipClient(livekit.httpUrl, livekit.apiKey, livekit.apiSecret);
  const trunk = await sip.createSipInboundTrunk("calls from jambonz", [], {
    authUsername: options.username,
    authPassword: options.password,
    headersToAttributes: headersToAttributes(options.carrierHeaders),
    ringingTimeout: RINGING_SECONDS,
    ...(MEDIA && { media: MEDIA }),
  });
  await sip.createSipDispatchRule(
    { type: "callee", roomPrefix: "", randomize: false },
    { name: "one room a call", trunkIds: [trunk.sipTrunkId] },
  );
  return trunk.sipTrunkId;
}
