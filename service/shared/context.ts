import { z } from "zod";

/** How a call reaches its agent: LiveKit calls jambonz (`callback`), or jambonz calls LiveKit (`dial`). */
export const callFlowSchema = z.enum(["callback", "dial"]);
export type CallFlow = z.infer<typeof callFlowSchema>;

/** What the middleware tells the agent about a call: the metadata of the agent's job, as JSON. */
export const callContextSchema = z.object({
  callId: z.string(),
  flow: callFlowSchema,
  /** The caller's number as the carrier sent it, or `anonymous`. */
  caller: z.string(),
  called: z.string(),
  /** The jambonz carrier (trunk) the call came in on. */
  carrier: z.string().optional(),
  /** Carrier headers (`X-…`) in the sender's spelling. */
  headers: z.record(z.string(), z.string()).default({}),
});
export type CallContext = z.infer<typeof callContextSchema>;

const HEADER_PREFIX = "call.header.";

/** A call's context as attributes of its SIP participant: the same keys in both flows. */
export function participantAttributes(call: CallContext): Record<string, string> {
  const headers = Object.entries(call.headers).map(([name, value]) => [HEADER_PREFIX + name.toLowerCase(), value]);
  return {
    "call.id": call.callId,
    "call.flow": call.flow,
    "sip.phoneNumber": call.caller,
    "sip.trunkPhoneNumber": call.called,
    ...(call.carrier === undefined ? {} : { "call.carrier": call.carrier }),
    ...Object.fromEntries(headers),
  };
}

/**
 * dial: the SIP headers of the leg to LiveKit, by the attribute that the inbound trunk's `headersToAttributes` makes of them.
 * The mapping is applied last, so it replaces LiveKit's own `sip.*` values (livekit-sip 1.8.0, pkg/sip/inbound.go).
 */
const SIP_HEADERS: Readonly<Record<string, string>> = {
  "call.id": "X-Call-Id",
  "call.flow": "X-Call-Flow",
  "call.carrier": "X-Call-Carrier",
  "sip.phoneNumber": "X-Caller-Number",
  "sip.trunkPhoneNumber": "X-Called-Number",
};

/** dial: the headers that carry a call's context to LiveKit; the carrier's own go on under their names. */
export function dialHeaders(call: CallContext): Record<string, string> {
  const attributes = new Map(Object.entries(participantAttributes(call)));
  const own = Object.entries(SIP_HEADERS).map(([attribute, header]) => [header, attributes.get(attribute)] as const);
  const all = [...Object.entries(call.headers), ...own];
  return Object.fromEntries(all.flatMap(([name, value]) => (value === undefined ? [] : [[name, oneLine(value)]])));
}

/** What an inbound trunk needs as `headersToAttributes` for `dialHeaders` to arrive as `participantAttributes`. */
export function headersToAttributes(carrierHeaders: readonly string[]): Record<string, string> {
  const own = Object.entries(SIP_HEADERS).map(([attribute, header]) => [header, attribute]);
  const carriers = carrierHeaders.map((header) => [header, HEADER_PREFIX + header.toLowerCase()]);
  return Object.fromEntries([...carriers, ...own]);
}

/** SIP header values hold one line; anything else would be headers of the caller's choice. */
function oneLine(value: string): string {
  return value.replaceAll(/\p{Cc}+/gu, " ");
}
