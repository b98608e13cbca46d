import { type Masks, parseMasks } from "./masks.ts";
import { normalizeNumber } from "./numbers.ts";
import type { Rule, Trunk } from "./types.ts";

/** A trunk in the form in which it is compared. */
export interface PreparedTrunk {
  trunk: Trunk;
  /** In the order in which LiveKit looks at trunks. */
  position: number;
  /** Normalised. Empty: any, but only where no trunk has the called number. */
  called: ReadonlySet<string>;
  /** Normalised. Empty: any. */
  callers: ReadonlySet<string>;
  masks: Masks;
}

/** Trunks in the order in which LiveKit looks at them. */
export function prepareTrunks(trunks: readonly Trunk[]): PreparedTrunk[] {
  return [...trunks].sort((a, b) => compareText(a.id, b.id)).map(prepareTrunk);
}

function prepareTrunk(trunk: Trunk, position: number): PreparedTrunk {
  return {
    trunk,
    position,
    called: new Set(trunk.calledNumbers?.map(normalizeNumber)),
    callers: new Set(trunk.callerNumbers?.map(normalizeNumber)),
    masks: parseMasks(trunk.allowedAddresses ?? []),
  };
}

/** Rules in the order in which LiveKit looks at them. */
export function sortRules(rules: readonly Rule[]): Rule[] {
  return [...rules].sort((a, b) => compareText(a.id, b.id));
}

/** Orders texts as Go does, by bytes of UTF-8, which is the order of code points. */
export function compareText(left: string, right: string): number {
  if (left === right) return 0;
  if (isAscii(left) && isAscii(right)) return left < right ? -1 : 1;
  const [a, b] = [[...left], [...right]];
  const index = a.findIndex((character, position) => character !== b[position]);
  if (index < 0) return -1;
  return (a[index]?.codePointAt(0) ?? -1) - (b[index]?.codePointAt(0) ?? -1);
}

function isAscii(text: string): boolean {
  return !/[^ -~]/.test(text);
}
