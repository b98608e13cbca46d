import type { RoomRule, Rule, Trunk } from "../../providers/livekit/routing/index.ts";

/** A trunk in the JSON of LiveKit's API. */
export function apiTrunk(trunk: Trunk): object {
  const { id, name, calledNumbers, callerNumbers, allowedAddresses, authUsername, authPassword, authRealm } = trunk;
  return {
    sipTrunkId: id,
    name,
    numbers: calledNumbers,
    allowedNumbers: callerNumbers,
    allowedAddresses,
    authUsername,
    authPassword,
    authRealm,
  };
}

/** A dispatch rule in the JSON of LiveKit's API. */
export function apiRule(rule: Rule): object {
  return {
    sipDispatchRuleId: rule.id,
    name: rule.name,
    trunkIds: rule.trunkIds,
    numbers: rule.calledNumbers,
    inboundNumbers: rule.callerNumbers,
    hidePhoneNumber: rule.hidePhoneNumber,
    rule: apiRoomRule(rule.room),
    roomConfig: { agents: (rule.agents ?? []).map(({ name, metadata }) => ({ agentName: name, metadata })) },
  };
}

function apiRoomRule(room: RoomRule): object {
  if (room.type === "unknown" || room.type === "newer") return {};
  const { type, ...value } = room;
  return { [`dispatchRule${type[0]?.toUpperCase()}${type.slice(1)}`]: value };
}
