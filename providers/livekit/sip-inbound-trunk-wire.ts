import type { SIPInboundTrunkInfo } from "livekit-server-sdk";
import { NO_MARK, readMetadata, writeMetadata } from "../dynamic/marks.ts";
import { HEADER_OPTIONS } from "./fields.ts";
import { mediaFromLiveKit, mediaToLiveKit, seconds } from "./media.ts";
import { sdk } from "./sdk.ts";
import type { SipInboundTrunkInputs } from "./sip-inbound-trunk-fields.ts";

/** The trunk that LiveKit is to store. */
export function toLiveKit(inputs: SipInboundTrunkInputs): SIPInboundTrunkInfo {
  const { ringingTimeoutSeconds: ringing, maxCallSeconds: longest } = inputs;
  return new (sdk().SIPInboundTrunkInfo)({
    name: inputs.name,
    metadata: writeMetadata(inputs.owner, inputs.metadata),
    numbers: inputs.calledNumbers,
    allowedNumbers: inputs.callerNumbers,
    allowedAddresses: inputs.allowedAddresses,
    authUsername: inputs.authUsername,
    authPassword: inputs.authPassword,
    authRealm: inputs.authRealm,
    headers: inputs.headers,
    headersToAttributes: inputs.headersToAttributes,
    attributesToHeaders: inputs.attributesToHeaders,
    includeHeaders: HEADER_OPTIONS.indexOf(inputs.includeHeaders),
    krispEnabled: inputs.krispEnabled,
    ...(ringing === 0 ? {} : { ringingTimeout: seconds(ringing) }),
    ...(longest === 0 ? {} : { maxCallDuration: seconds(longest) }),
    ...mediaToLiveKit(inputs),
  });
}

/** A stored trunk as the inputs that would declare it. `context` has what LiveKit does not tell, and a password that cannot be read. */
export function fromLiveKit(trunk: SIPInboundTrunkInfo, context: SipInboundTrunkInputs): SipInboundTrunkInputs {
  const { mark, metadata } = readMetadata(trunk.metadata);
  return {
    ...context,
    owner: mark ?? NO_MARK,
    name: trunk.name,
    metadata,
    calledNumbers: trunk.numbers,
    callerNumbers: trunk.allowedNumbers,
    allowedAddresses: trunk.allowedAddresses,
    authUsername: trunk.authUsername,
    authPassword: trunk.authPassword || context.authPassword,
    authRealm: trunk.authRealm,
    headers: trunk.headers,
    headersToAttributes: trunk.headersToAttributes,
    attributesToHeaders: trunk.attributesToHeaders,
    includeHeaders: HEADER_OPTIONS[trunk.includeHeaders] ?? "none",
    krispEnabled: trunk.krispEnabled,
    ringingTimeoutSeconds: Number(trunk.ringingTimeout?.seconds ?? 0n),
    maxCallSeconds: Number(trunk.maxCallDuration?.seconds ?? 0n),
    ...mediaFromLiveKit(trunk),
  };
}
