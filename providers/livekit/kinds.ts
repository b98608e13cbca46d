import type { SIPDispatchRuleInfo, SIPInboundTrunkInfo, SIPOutboundTrunkInfo } from "livekit-server-sdk";
import { readMetadata, readRuleMark, readRuleName } from "../dynamic/marks.ts";
import type { Kind } from "./ownership.ts";

export const outboundTrunkKind: Kind<SIPOutboundTrunkInfo> = {
  label: "outbound trunk",
  idOf: ({ sipTrunkId }) => sipTrunkId,
  nameOf: ({ name }) => name,
  markOf: ({ metadata }) => readMetadata(metadata).mark,
};

export const inboundTrunkKind: Kind<SIPInboundTrunkInfo> = {
  label: "inbound trunk",
  idOf: ({ sipTrunkId }) => sipTrunkId,
  nameOf: ({ name }) => name,
  markOf: ({ metadata }) => readMetadata(metadata).mark,
};

export const dispatchRuleKind: Kind<SIPDispatchRuleInfo> = {
  label: "dispatch rule",
  idOf: ({ sipDispatchRuleId }) => sipDispatchRuleId,
  nameOf: ({ name }) => readRuleName(name),
  markOf: ({ name }) => readRuleMark(name),
};
