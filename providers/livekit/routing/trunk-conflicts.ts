import type { ExampleCalls } from "./example-calls.ts";
import { plainOrigin, spoofedOrigin } from "./origins.ts";
import type { PreparedTrunk } from "./prepared.ts";
import { TRY_AGAIN } from "./sip-answers.ts";
import { groupsByCalled, joinPlain, joinSpoofed, type Pair, pairsIn } from "./trunk-pairs.ts";
import type { Conflict, ConflictOptions } from "./types.ts";

type Wanted = Required<Pick<ConflictOptions, "limit" | "concerns">>;

/** Pairs of trunks that match the same call; at most `limit` plain ones, and as many that need a forged From. */
export function trunkConflicts(trunks: readonly PreparedTrunk[], examples: ExampleCalls, wanted: Wanted): Conflict[] {
  const { limit } = wanted;
  const search = { trunks, examples, ...wanted, seen: new Set<string>() };
  const plain = collect(search, false);
  // With too many already, those that need a forged From are not worth the time.
  return plain.length < limit ? [...plain, ...collect(search, true)] : plain;
}

interface Search extends Wanted {
  trunks: readonly PreparedTrunk[];
  examples: ExampleCalls;
  /** Pairs that have been reported. */
  seen: Set<string>;
}

function collect({ trunks, examples, limit, concerns, seen }: Search, spoofed: boolean): Conflict[] {
  const found: Conflict[] = [];
  for (const [called, group] of groupsByCalled(trunks)) {
    for (const pair of pairsIn(group, spoofed ? joinSpoofed : joinPlain)) {
      const [a, b] = inOrder(pair);
      if (a === b || !concerns([a.trunk.id, b.trunk.id])) continue;
      const key = `${a.position} ${b.position}`;
      if (seen.has(key)) continue;
      if (found.length >= limit) return found;
      seen.add(key);
      const conflict = describe(a, b, called, examples, spoofed);
      if (conflict) found.push(conflict);
    }
  }
  return found;
}

function inOrder([a, b]: Pair): Pair {
  return a.position <= b.position ? [a, b] : [b, a];
}

function describe(
  a: PreparedTrunk,
  b: PreparedTrunk,
  called: string | undefined,
  examples: ExampleCalls,
  spoofed: boolean,
): Conflict | undefined {
  const origin = (spoofed ? spoofedOrigin : plainOrigin)(a.masks, b.masks);
  if (!origin) return undefined;
  const caller = sharedCaller(a, b) ?? examples.caller;
  return {
    between: "trunks",
    ids: [a.trunk.id, b.trunk.id],
    example: { caller, called: called ?? examples.called, ...origin },
    refusal: called === undefined ? "trunks-without-numbers" : "trunks-with-called-number",
    sip: TRY_AGAIN,
    afterCredentials: false,
    spoofed,
  };
}

function sharedCaller(a: PreparedTrunk, b: PreparedTrunk): string | undefined {
  const [some, others] = a.callers.size > 0 ? [a.callers, b.callers] : [b.callers, a.callers];
  return [...some].find((caller) => others.size === 0 || others.has(caller));
}
