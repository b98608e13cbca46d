import type { SIPDispatchRuleInfo, SIPInboundTrunkInfo, SIPOutboundTrunkInfo } from "livekit-server-sdk";

/** The SIP objects of one LiveKit project at one moment. */
export interface SipProject {
  /** `host:port`, or the file it was read from. */
  host: string;
  inboundTrunks: SIPInboundTrunkInfo[];
  outboundTrunks: SIPOutboundTrunkInfo[];
  dispatchRules: SIPDispatchRuleInfo[];
}
