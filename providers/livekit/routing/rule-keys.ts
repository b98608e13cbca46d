import { normalizeNumber } from "./numbers.ts";
import type { RoomRule, Rule } from "./types.ts";

export interface RuleKey {
  pin: string;
  /** "" for a rule without trunk ids. */
  trunkId: string;
  /** Normalised; "" for any. */
  caller: string;
  called: string;
}

/** Two rules that clash, or one twice, and what they have in common. */
export interface RuleClash {
  first: Rule;
  second: Rule;
  key: RuleKey;
}

export function pinOf(rule: Rule): string {
  return isKnown(rule.room) ? (rule.room.pin ?? "") : "";
}

/** A room rule of a kind whose effect is known. */
export function isKnown(room: RoomRule): room is Exclude<RoomRule, { type: "unknown" | "newer" }> {
  return room.type !== "unknown" && room.type !== "newer";
}

/**
 * What no two of the rules looked at for a call may have in common (livekit protocol sip/sip.go, Validate of
 * DispatchRuleValidator). A number listed in two spellings gives the same key twice: such a rule clashes with itself.
 */
export function* keysOf(rule: Rule): Generator<RuleKey> {
  const pin = pinOf(rule);
  for (const trunkId of orAny(rule.trunkIds))
    for (const caller of orAny(rule.callerNumbers))
      for (const called of orAny(rule.calledNumbers))
        yield { pin, trunkId, caller: normalizeNumber(caller), called: normalizeNumber(called) };
}

function orAny(list: readonly string[] = []): readonly string[] {
  return list.length === 0 ? [""] : list;
}

export function keyText({ pin, trunkId, caller, called }: RuleKey): string {
  return JSON.stringify([pin, trunkId, caller, called]);
}

/** Every clash of a rule with the first that has the same key, in the order LiveKit meets them. */
export function* clashesAmong(rules: readonly Rule[]): Generator<RuleClash> {
  const firsts = new Map<string, Rule>();
  for (const second of rules) {
    if (!isKnown(second.room)) continue;
    for (const key of keysOf(second)) {
      const text = keyText(key);
      const first = firsts.get(text);
      if (first) yield { first, second, key };
      else firsts.set(text, second);
    }
  }
}
