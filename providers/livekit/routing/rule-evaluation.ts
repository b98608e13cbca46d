import type { Call, RoomName, Rule } from "./types.ts";

/** Characters of a hidden caller number that stay: 4, or 1 when there are not more than 4. */
const SHOWN = 4;

/** Whether livekit-server 1.13.5 cuts digits off an empty caller number and panics. */
export function crashesServer(rule: Rule, call: Call): boolean {
  return rule.hidePhoneNumber === true && call.caller === "";
}

/**
 * The room of a call that a rule has taken (livekit protocol sip/sip.go, EvaluateDispatchRule). Only rules of type
 * individual put the caller in: of a hidden number the last digits.
 */
export function roomOf(rule: Rule, call: Call): RoomName {
  const { room } = rule;
  if (room.type === "direct") return { name: room.roomName, randomSuffix: false };
  if (room.type === "individual") {
    const caller = rule.hidePhoneNumber ? lastDigits(call.caller) : call.caller;
    return { name: withPrefix(room.roomPrefix, caller), randomSuffix: !room.noRandomness };
  }
  if (room.type === "callee")
    return { name: withPrefix(room.roomPrefix, call.called), randomSuffix: room.randomize ?? false };
  return { name: "", randomSuffix: false };
}

function withPrefix(prefix: string | undefined, name: string): string {
  return prefix ? `${prefix}_${name}` : name;
}

function lastDigits(number: string): string {
  return number.slice(number.length <= SHOWN ? -1 : -SHOWN);
}
