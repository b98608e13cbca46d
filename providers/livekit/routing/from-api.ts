import type { RoomRule, Rule, Trunk } from "./types.ts";

/** What is read of `SIPInboundTrunkInfo`, in the names of the API and of its JSON. */
export interface ApiInboundTrunk {
  sipTrunkId: string;
  name?: string;
  numbers?: string[];
  allowedNumbers?: string[];
  allowedAddresses?: string[];
  authUsername?: string;
  authPassword?: string;
  authRealm?: string;
}

/** What is read of `SIPDispatchRuleInfo`: a message of livekit-server-sdk, or its JSON form. */
export interface ApiRule {
  sipDispatchRuleId?: string;
  name?: string;
  trunkIds?: string[];
  numbers?: string[];
  inboundNumbers?: string[];
  hidePhoneNumber?: boolean;
  roomPreset?: string;
  roomConfig?: { agents?: { agentName?: string; metadata?: string }[] };
  rule?: {
    rule?: { case?: string; value?: ApiRoomRule };
    dispatchRuleDirect?: ApiRoomRule;
    dispatchRuleIndividual?: ApiRoomRule;
    dispatchRuleCallee?: ApiRoomRule;
  };
}

interface ApiRoomRule {
  roomName?: string;
  roomPrefix?: string;
  pin?: string;
  noRandomness?: boolean;
  randomize?: boolean;
}

/** An inbound trunk as the API shows it, in the words used here. */
export function trunkOf(info: ApiInboundTrunk): Trunk {
  return {
    id: info.sipTrunkId,
    name: info.name ?? "",
    calledNumbers: info.numbers ?? [],
    callerNumbers: info.allowedNumbers ?? [],
    allowedAddresses: info.allowedAddresses ?? [],
    authUsername: info.authUsername ?? "",
    authPassword: info.authPassword ?? "",
    authRealm: info.authRealm ?? "",
  };
}

/** A dispatch rule as the API shows it, in the words used here. */
export function ruleOf(info: ApiRule): Rule {
  return {
    id: info.sipDispatchRuleId ?? "", // JSON leaves an empty text out
    name: info.name ?? "",
    trunkIds: info.trunkIds ?? [],
    calledNumbers: info.numbers ?? [],
    callerNumbers: info.inboundNumbers ?? [],
    hidePhoneNumber: info.hidePhoneNumber ?? false,
    room: roomRuleOf(info.rule),
    agents: (info.roomConfig?.agents ?? []).map(agentOf),
    ...(info.roomPreset && { roomPreset: info.roomPreset }),
  };
}

function agentOf(agent: { agentName?: string; metadata?: string }): { name: string; metadata?: string } {
  return { name: agent.agentName ?? "", metadata: agent.metadata ?? "" };
}

function roomRuleOf(rule: ApiRule["rule"]): RoomRule {
  const kind = rule?.rule?.case;
  const given = (name: "dispatchRuleDirect" | "dispatchRuleIndividual" | "dispatchRuleCallee") =>
    kind === name ? (rule?.rule?.value ?? {}) : rule?.[name];
  const direct = given("dispatchRuleDirect");
  if (direct) return { type: "direct", roomName: direct.roomName ?? "", pin: direct.pin ?? "" };
  const individual = given("dispatchRuleIndividual");
  if (individual) {
    const { roomPrefix = "", noRandomness = false, pin = "" } = individual;
    return { type: "individual", roomPrefix, noRandomness, pin };
  }
  const callee = given("dispatchRuleCallee");
  if (!callee) return { type: "unknown" };
  const { roomPrefix = "", randomize = false, pin = "" } = callee;
  return { type: "callee", roomPrefix, randomize, pin };
}
