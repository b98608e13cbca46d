import type { SIPOutboundTrunkInfo } from "livekit-server-sdk";
import { NO_MARK, readMetadata, writeMetadata } from "../dynamic/marks.ts";
import { HEADER_OPTIONS } from "./fields.ts";
import { mediaFromLiveKit, mediaToLiveKit } from "./media.ts";
import { sdk } from "./sdk.ts";
import type { SipOutboundTrunkInputs } from "./sip-outbound-trunk-fields.ts";

/** Our words by LiveKit's numbers (livekit_sip.proto, SIPTransport). */
const TRANSPORTS = ["auto", "udp", "tcp", "tls"] as const;

/** The trunk that LiveKit is to store. */
export function toLiveKit(inputs: SipOutboundTrunkInputs): SIPOutboundTrunkInfo {
  return new (sdk().SIPOutboundTrunkInfo)({
    name: inputs.name,
    metadata: writeMetadata(inputs.owner, inputs.metadata),
    address: inputs.address,
    transport: TRANSPORTS.indexOf(inputs.transport),
    numbers: inputs.presentedNumbers,
    authUsername: inputs.authUsername,
    authPassword: inputs.authPassword,
    headers: inputs.headers,
    headersToAttributes: inputs.headersToAttributes,
    attributesToHeaders: inputs.attributesToHeaders,
    includeHeaders: HEADER_OPTIONS.indexOf(inputs.includeHeaders),
    fromHost: inputs.fromHost,
    destinationCountry: inputs.destinationCountry,
    ...mediaToLiveKit(inputs),
  });
}

/**
 * A stored trunk as the inputs that would declare it. `context` has what LiveKit does not tell: host, adoption, and the
 * password where the API answers with an empty one, which means unreadable.
 */
export function fromLiveKit(trunk: SIPOutboundTrunkInfo, context: SipOutboundTrunkInputs): SipOutboundTrunkInputs {
  const { mark, metadata } = readMetadata(trunk.metadata);
  return {
    ...context,
    owner: mark ?? NO_MARK,
    name: trunk.name,
    metadata,
    address: trunk.address,
    transport: TRANSPORTS[trunk.transport] ?? "auto",
    presentedNumbers: trunk.numbers,
    authUsername: trunk.authUsername,
    authPassword: trunk.authPassword || context.authPassword,
    headers: trunk.headers,
    headersToAttributes: trunk.headersToAttributes,
    attributesToHeaders: trunk.attributesToHeaders,
    includeHeaders: HEADER_OPTIONS[trunk.includeHeaders] ?? "none",
    fromHost: trunk.fromHost,
    destinationCountry: trunk.destinationCountry,
    ...mediaFromLiveKit(trunk),
  };
}
