import { LIMITS } from "@trunkline/contract";
import { maskNumber, maskNumbers } from "@trunkline/shared";

export type Attributes = Readonly<Record<string, string>>;

/** What is logged of a SIP participant: every number masked, long texts cut, and no more of them than a call of ours has. */
export interface SipDetails {
  /**
   * `sip.*` attributes by their last part: callID, callStatus, trunkID, phoneNumber, hostname … and whatever a later LiveKit adds. The codec
   * is not among them: livekit-sip 1.8.0 keeps it to its own log (pkg/sip/inbound.go and outbound.go, SIPCallInfo.AudioCodec).
   */
  sip: Record<string, string>;
  carrier: string | undefined;
  /** `call.*` attributes by the rest of their name: id, flow, header.x-… */
  call: Record<string, string>;
}

const NUMBER_KEYS = new Set(["sip.phoneNumber", "sip.trunkPhoneNumber"]);
/** Ids of LiveKit and the SIP leg, with which a call is found in other logs. */
const ID_KEYS = /^(?:sip\.(?:callID|callIDFull|trunkID|ruleID)|call\.id)$/;

export function sipDetails(attributes: Attributes): SipDetails {
  return {
    sip: withPrefix("sip.", attributes),
    carrier: attributes["call.carrier"]?.slice(0, LIMITS.call.characters),
    call: withPrefix("call.", attributes),
  };
}

/**
 * Whether both directions of the call are open: `sip.callStatus` is `active`. LiveKit puts a called SIP participant
 * into the room while it still rings, and lets it hear nobody before `active` (measured on livekit-sip 1.8.0).
 * Without the attribute the participant is not on SIP and hears at once.
 */
export function isActive(attributes: Attributes): boolean {
  return (attributes["sip.callStatus"] ?? "active") === "active";
}

function withPrefix(prefix: string, attributes: Attributes): Record<string, string> {
  const { characters, entries } = LIMITS.call;
  const chosen = Object.entries(attributes).filter(([key]) => key.startsWith(prefix) && key.length <= characters);
  const cut = chosen.slice(0, entries).map(([key, value]) => [key, value.slice(0, characters)] as const);
  return Object.fromEntries(cut.map(([key, value]) => [key.slice(prefix.length), masked(key, value)]));
}

function masked(key: string, value: string): string {
  if (ID_KEYS.test(key)) return value;
  return NUMBER_KEYS.has(key) ? maskNumber(value) : maskNumbers(value);
}
