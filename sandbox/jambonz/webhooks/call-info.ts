import { randomUUID } from "node:crypto";
import type { InviteEvent } from "../protocol.ts";
import { numberOf } from "../routing.ts";

export type CallStatus =
  | "trying"
  | "ringing"
  | "early-media"
  | "in-progress"
  | "completed"
  | "failed"
  | "busy"
  | "no-answer";

/** What jambonz knows of one leg; status and action hooks carry it (read: feature-server lib/session/call-info.js) (seen live: jambonz-live, section 5). */
export interface CallInfo {
  callSid: string;
  direction: "inbound" | "outbound";
  from: string;
  to: string;
  callerName: string;
  /** Call-ID between SBC and feature server; the carrier's own is `sbcCallid`. */
  callId: string;
  sbcCallid: string | undefined;
  sipStatus: number;
  sipReason: string;
  callStatus: CallStatus;
  accountSid: string;
  applicationSid: string;
  traceId: string;
  localSipAddress: string;
  parentCallSid?: string;
  originatingSipIp?: string;
  originatingSipTrunkName?: string;
  callTerminationBy?: "caller" | "jambonz";
  /** Seconds, once completed. */
  duration?: number;
  /** What the `tag` verb has set. */
  customerData?: object;
}

export interface InboundInfoOptions {
  callSid: string;
  accountSid: string;
  applicationSid: string;
  carrierName: string;
  localSipAddress: string;
  /** User part of the request URI, as dialled. */
  to: string;
}

function newTraceId(): string {
  return randomUUID().replaceAll("-", "");
}

/** The A leg: from and to as dialled, a leading '+' included. */
export function inboundInfo(invite: InviteEvent, options: InboundInfoOptions): CallInfo {
  return {
    callSid: options.callSid,
    direction: "inbound",
    from: numberOf(invite.from.user),
    to: options.to,
    callerName: invite.from.display ? `"${invite.from.display}"` : "",
    callId: randomUUID(),
    sbcCallid: invite.sipCallId,
    sipStatus: 100,
    sipReason: "Trying",
    callStatus: "trying",
    accountSid: options.accountSid,
    applicationSid: options.applicationSid,
    traceId: newTraceId(),
    localSipAddress: options.localSipAddress,
    originatingSipIp: invite.source.replace(/:\d+$/, ""),
    originatingSipTrunkName: options.carrierName,
  };
}

/** A leg that a `dial` starts; it belongs to the caller's. */
export function childInfo(parent: CallInfo, leg: { callSid: string; from: string; to: string }): CallInfo {
  return {
    callSid: leg.callSid,
    direction: "outbound",
    from: leg.from,
    to: leg.to,
    callerName: "",
    callId: randomUUID(),
    sbcCallid: undefined,
    sipStatus: 100,
    sipReason: "Trying",
    callStatus: "trying",
    accountSid: parent.accountSid,
    applicationSid: parent.applicationSid,
    traceId: parent.traceId,
    localSipAddress: parent.localSipAddress,
    parentCallSid: parent.callSid,
  };
}
