import { parseAddress } from "./addresses.ts";
import { letsIn } from "./masks.ts";
import { normalizeNumber } from "./numbers.ts";
import type { PreparedTrunk } from "./prepared.ts";
import type { Call, Explanation, Refusal, Trunk, TrunkVerdict } from "./types.ts";

export interface TrunkMatch {
  trunk?: Trunk;
  /** More than one matches. */
  clash?: { because: Refusal; candidates: string[] };
  verdicts: Explanation["trunks"];
}

/** Which trunk a call belongs to (livekit protocol sip/sip.go, MatchTrunkDetailed). */
export function matchTrunk(trunks: readonly PreparedTrunk[], call: Call): TrunkMatch {
  const judged = judge(trunks, call);
  const named = judged.filter(({ fits }) => fits === "named");
  const unnamed = judged.filter(({ fits }) => fits === "any");
  const chosen = named.length > 0 ? named : unnamed;
  const verdicts = judged.map(({ of, fits }) => ({ id: of.trunk.id, verdict: verdictOf(fits, chosen.length, named) }));
  if (chosen.length > 1) {
    const because = named.length > 0 ? "trunks-with-called-number" : "trunks-without-numbers";
    return { clash: { because, candidates: chosen.map(({ of }) => of.trunk.id) }, verdicts };
  }
  return chosen[0] ? { trunk: chosen[0].of.trunk, verdicts } : { verdicts };
}

type Filtered = Extract<TrunkVerdict, "caller-not-allowed" | "source-not-allowed" | "other-called-numbers">;
type Fit = "named" | "any" | Filtered;

/** Whether a call is this trunk's and no other's; the first rival that fits ends the search. */
export function matchesAlone(trunks: readonly PreparedTrunk[], wanted: PreparedTrunk, call: Call): boolean {
  const fitOf = judgeFor(call);
  const own = fitOf(wanted);
  const beats = (fits: Fit) => fits === "named" || (fits === "any" && own === "any");
  return (own === "named" || own === "any") && !trunks.some((rival) => rival !== wanted && beats(fitOf(rival)));
}

function judge(trunks: readonly PreparedTrunk[], call: Call): { of: PreparedTrunk; fits: Fit }[] {
  const fitOf = judgeFor(call);
  return trunks.map((of) => ({ of, fits: fitOf(of) }));
}

function judgeFor(call: Call): (of: PreparedTrunk) => Fit {
  const caller = normalizeNumber(call.caller);
  const called = normalizeNumber(call.called);
  const source = parseAddress(call.sourceAddress);
  return (of) => {
    if (of.called.size > 0 && !of.called.has(called)) return "other-called-numbers";
    if (of.callers.size > 0 && !of.callers.has(caller)) return "caller-not-allowed";
    if (!letsIn(of.masks, source, call.fromHost ?? "")) return "source-not-allowed";
    return of.called.size > 0 ? "named" : "any";
  };
}

function verdictOf(fits: Fit, chosen: number, named: readonly unknown[]): TrunkVerdict {
  if (fits === "any" && named.length > 0) return "beaten-by-called-number";
  if (fits === "named" || fits === "any") return chosen > 1 ? "clashes" : "matches";
  return fits;
}
