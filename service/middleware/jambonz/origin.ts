import { findHeader, type NewCallPayload } from "./payloads.ts";

/** How the carrier and jambonz name a call, and which codecs the carrier offers: what a support desk asks for. */
export interface CallOrigin {
  /** Call-ID of the carrier's INVITE on the public side. */
  readonly sipCallId?: string;
  /** jambonz's trace of the call, as its portal shows it. */
  readonly jambonzTraceId?: string;
  /** Whose call it is, for live call control. */
  readonly jambonzAccountSid?: string;
  /** Of the offer's audio line, in the sender's order: `PCMA`, `telephone-event`. */
  readonly offeredCodecs?: readonly string[];
}

const MAX_ID = 256;
const MOST_CODECS = 16;
/** Static payload types that may come without a name (RFC 3551, table 4). */
const STATIC_CODECS: ReadonlyMap<string, string> = new Map([
  ["0", "PCMU"],
  ["3", "GSM"],
  ["8", "PCMA"],
  ["9", "G722"],
  ["18", "G729"],
]);

export function originOf(payload: NewCallPayload): CallOrigin {
  // Behind the SBC the INVITE has a Call-ID of jambonz's own (read: sbc-inbound lib/call-session.js).
  const sipCallId = textOf(payload.sbc_callid) ?? findHeader(payload, "X-CID")?.[1] ?? textOf(payload.call_id);
  const jambonzTraceId = textOf(payload.trace_id);
  const jambonzAccountSid = textOf(payload.account_sid);
  const offeredCodecs = codecsOf(textOf(payload.sip?.body, Number.POSITIVE_INFINITY) ?? "");
  return {
    ...(sipCallId !== undefined && { sipCallId }),
    ...(jambonzTraceId !== undefined && { jambonzTraceId }),
    ...(jambonzAccountSid !== undefined && { jambonzAccountSid }),
    ...(offeredCodecs.length > 0 && { offeredCodecs }),
  };
}

/** The names of the audio line's payload types, in its order; one without a name by its number. */
function codecsOf(sdp: string): string[] {
  const types = /^m=audio \d+ \S+ (.*)$/m.exec(sdp)?.[1]?.trim().split(/\s+/) ?? [];
  const named = new Map([...sdp.matchAll(/^a=rtpmap:(\d+) ([\w.-]{1,40})\//gm)].map(([, type, name]) => [type, name]));
  return types.slice(0, MOST_CODECS).map((type) => named.get(type) ?? STATIC_CODECS.get(type) ?? type.slice(0, 3));
}

function textOf(value: unknown, longest = MAX_ID): string | undefined {
  return typeof value === "string" && value !== "" && value.length <= longest ? value : undefined;
}
