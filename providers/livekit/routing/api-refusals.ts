import type { PreparedTrunk } from "./prepared.ts";
import { clashesAmong } from "./rule-keys.ts";
import type { Rule, Trunk } from "./types.ts";

/** Two objects which the API does not let stand side by side, in list order; twice the same for a rule by itself. */
export interface ApiRefusal {
  ids: [string, string];
  /** The number in both, or what else they share. */
  because: string;
}

/**
 * Pairs of trunks that the API refuses when it compares all of them (livekit protocol sip/sip.go, ValidateTrunksIter): the
 * same called number, or none, and the same caller number, or none. It looks neither at addresses nor at a trunk without
 * caller numbers beside one with: it refuses what would not clash, and accepts what does.
 */
export function refusedTrunks(trunks: readonly PreparedTrunk[]): ApiRefusal[] {
  const holders = new Map([...numbersOfSeveral(trunks)].map((number) => [number, new Map<string, Trunk>()]));
  const found = new Map<string, ApiRefusal>();
  for (const { trunk, called, callers } of trunks) {
    for (const calledNumber of orNone(called)) {
      for (const { holder, caller } of held(holders.get(calledNumber), trunk, callers)) {
        const because = `called number ${calledNumber || "(any)"}, caller number ${caller || "(any)"}`;
        addOnce(found, { ids: [holder.id, trunk.id], because });
      }
    }
  }
  return [...found.values()];
}

/** Called numbers that more than one trunk has: the others are no reason to look at every caller number. */
function numbersOfSeveral(trunks: readonly PreparedTrunk[]): Set<string> {
  const [once, again] = [new Set<string>(), new Set<string>()];
  for (const { called } of trunks) for (const number of orNone(called)) (once.has(number) ? again : once).add(number);
  return again;
}

/** Earlier trunks that have a caller number together with the called one; puts this trunk among them. */
function* held(
  holders: Map<string, Trunk> | undefined,
  trunk: Trunk,
  callers: ReadonlySet<string>,
): Generator<{ holder: Trunk; caller: string }> {
  if (holders === undefined) return;
  for (const caller of orNone(callers)) {
    const holder = holders.get(caller);
    if (holder === undefined) holders.set(caller, trunk);
    else if (holder !== trunk) yield { holder, caller };
  }
}

/** Pairs of rules that the API refuses when it compares all of them: those that have a key in common. */
export function refusedRules(rules: readonly Rule[]): ApiRefusal[] {
  const found = new Map<string, ApiRefusal>();
  for (const { first, second, key } of clashesAmong(rules)) {
    const numbers = `called number ${key.called || "(any)"}, caller number ${key.caller || "(any)"}`;
    const because = `trunk ${key.trunkId || "(any)"}, ${numbers}, ${key.pin ? "the same PIN" : "no PIN"}`;
    addOnce(found, { ids: [first.id, second.id], because });
  }
  return [...found.values()];
}

/** The API wants at least one thing that limits who may call (livekit protocol livekit/sip.go, SIPInboundTrunkInfo). */
export function isRefusedAlone(trunk: Trunk): boolean {
  const { authUsername, authPassword, allowedAddresses = [], calledNumbers = [] } = trunk;
  return !authUsername && !authPassword && allowedAddresses.length === 0 && calledNumbers.length === 0;
}

function addOnce(found: Map<string, ApiRefusal>, refusal: ApiRefusal): void {
  const key = JSON.stringify(refusal.ids);
  if (!found.has(key)) found.set(key, refusal);
}

/** LiveKit keeps "none" and an empty number under the same key. */
function orNone(numbers: ReadonlySet<string>): Iterable<string> {
  return numbers.size === 0 ? [""] : numbers;
}
