import type { ApplicationRow } from "../account.ts";
import type { InviteEvent } from "../protocol.ts";
import type { CallInfo } from "./call-info.ts";

/**
 * What status and action hooks carry of a call (read: feature-server lib/session/call-info.js toJSON, then
 * snakecase-keys.js; `customerData` keeps its name). Undefined members vanish in JSON.
 */
export function callPayload(info: CallInfo): Record<string, unknown> {
  return {
    call_sid: info.callSid,
    direction: info.direction,
    from: info.from,
    to: info.to,
    call_id: info.callId,
    sbc_callid: info.sbcCallid,
    sip_status: info.sipStatus,
    sip_reason: info.sipReason,
    call_status: info.callStatus,
    account_sid: info.accountSid,
    trace_id: info.traceId,
    application_sid: info.applicationSid,
    fs_sip_address: info.localSipAddress,
    parent_call_sid: info.parentCallSid,
    originating_sip_ip: info.originatingSipIp,
    originating_sip_trunk_name: info.originatingSipTrunkName,
    call_termination_by: info.callTerminationBy,
    duration: info.duration,
    customerData: info.customerData,
  };
}

export interface CallHookOptions {
  info: CallInfo;
  invite: InviteEvent;
  application: ApplicationRow;
  carrierSid: string;
  serviceProviderSid: string;
}

/**
 * The first webhook of a call (read: feature-server lib/middleware.js invokeWebCallback) (seen live: jambonz-live, section 5). The INVITE itself (`sip`)
 * goes with POST only; its headers are those of the INVITE that the SBC sends on.
 */
export function callHookPayload(options: CallHookOptions): Record<string, unknown> {
  const { info, application } = options;
  return {
    ...(application.call_hook?.method !== "GET" && { sip: sipMessage(options) }),
    direction: info.direction,
    trace_id: info.traceId,
    has_recording: false,
    caller_name: info.callerName,
    call_sid: info.callSid,
    account_sid: info.accountSid,
    application_sid: info.applicationSid,
    from: info.from,
    to: info.to,
    call_id: info.callId,
    sip_status: info.sipStatus,
    sip_reason: info.sipReason,
    call_status: info.callStatus,
    sbc_callid: info.sbcCallid,
    originating_sip_ip: info.originatingSipIp,
    originating_sip_trunk_name: info.originatingSipTrunkName,
    local_sip_address: info.localSipAddress,
    service_provider_sid: options.serviceProviderSid,
    defaults: defaultsOf(application),
    ...(application.env_vars && { env_vars: application.env_vars }),
  };
}

function defaultsOf(application: ApplicationRow) {
  return {
    synthesizer: {
      vendor: application.speech_synthesis_vendor ?? "google",
      language: application.speech_synthesis_language ?? "en-US",
      voice: application.speech_synthesis_voice ?? undefined,
    },
    recognizer: {
      vendor: application.speech_recognizer_vendor ?? "google",
      language: application.speech_recognizer_language ?? "en-US",
    },
  };
}

function sipMessage({ info, invite, carrierSid }: CallHookOptions) {
  return {
    headers: {
      ...sipHeaders(invite),
      "call-id": info.callId,
      "X-Account-Sid": info.accountSid,
      "X-CID": invite.sipCallId,
      "X-Forwarded-For": info.originatingSipIp,
      "X-Originating-Carrier": info.originatingSipTrunkName,
      "X-Voip-Carrier-Sid": carrierSid,
      "X-Application-Sid": info.applicationSid,
    },
    raw: invite.raw,
    body: invite.sdp,
    method: "INVITE",
    version: "2.0",
    uri: invite.uri,
    payload: [{ type: "application/sdp", content: invite.sdp }],
  };
}

/** Headers with a meaning in SIP are lower-cased, all others keep the sender's spelling (drachtio-srf's parser). */
const KNOWN = new Set(
  `accept accept-contact accept-encoding accept-language alert-info allow allow-events authorization call-id call-info
  contact content-disposition content-encoding content-language content-length content-type cseq date diversion
  error-info event expires from geolocation history-info identity in-reply-to join max-forwards min-expires min-se
  mime-version organization p-access-network-info p-asserted-identity p-called-party-id p-charging-vector
  p-preferred-identity priority privacy proxy-authenticate proxy-authorization proxy-require rack reason record-route
  recv-info refer-to referred-by reject-contact replaces reply-to request-disposition require retry-after route rseq
  server session-expires sip-etag sip-if-match subject subscription-state supported target-dialog timestamp to
  unsupported user-agent via warning www-authenticate`.split(/\s+/),
);

/** A sender's own values for these are dropped at the border (read: sbc-inbound lib/call-session.js). */
const STRIPPED = new Set(["x-application-sid", "x-authenticated-user"]);

function sipHeaders(invite: InviteEvent): Record<string, string> {
  const headers = new Map<string, string>();
  for (const [name, value] of invite.headers) {
    const lower = name.toLowerCase();
    if (STRIPPED.has(lower)) continue;
    const key = KNOWN.has(lower) ? lower : name;
    const before = headers.get(key);
    headers.set(key, before === undefined ? value : `${before},${value}`);
  }
  return Object.fromEntries(headers);
}
