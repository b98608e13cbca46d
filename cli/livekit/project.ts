import type { SIPDispatchRuleInfo, SIPInboundTrunkInfo, SIPOutboundTrunkInfo } from "livekit-server-sdk";
import type { UnknownPart } from "./forms/unknown.ts";

/** The SIP objects of one LiveKit project at one moment. */
export interface SipProject {
  /** `host:port`, or the file it was read from. */
  host: string;
  /** The files do not say whose project it is, nor so whether it is LiveKit Cloud's. */
  isHostUnknown?: boolean;
  inboundTrunks: SIPInboundTrunkInfo[];
  outboundTrunks: SIPOutboundTrunkInfo[];
  dispatchRules: SIPDispatchRuleInfo[];
  /** What this version does not know; absent: everything is known. */
  unknown?: readonly UnknownPart[];
  /** Which lists were read; absent: all. A list that nobody gave is not an empty list. */
  given?: Given;
  /** Lists that go on behind a page of which the rest was not given; absent: none. */
  pages?: readonly Page[];
  /** Trunks of files for `lk sip … create`, which hide no password; absent: none. */
  created?: ReadonlySet<string>;
  /** Parts beside the lists that this version does not know, by their places; absent: none. */
  beside?: readonly string[];
  /** What was taken for granted where files do not say it, in sentences. */
  assumed?: readonly string[];
}

export interface Given {
  inboundTrunks: boolean;
  outboundTrunks: boolean;
  dispatchRules: boolean;
}

/** A list that says that it is not the whole one. */
export interface Page {
  list: keyof Given;
  /** Where it stands, and the field that says so. */
  place: string;
}
