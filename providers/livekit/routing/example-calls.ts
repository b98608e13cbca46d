import { EVERYWHERE, formatAddress } from "./addresses.ts";
import type { Masks } from "./masks.ts";
import { freshNumber } from "./numbers.ts";
import { ANYWHERE, isAnywhere, type Origin, originFor } from "./origins.ts";
import { covers, gapIn } from "./overlaps.ts";
import type { PreparedTrunk } from "./prepared.ts";
import { matchesAlone } from "./trunk-matching.ts";
import { groupsByCalled } from "./trunk-pairs.ts";
import type { Call } from "./types.ts";

/** How many called and caller numbers of a trunk are tried before it counts as out of reach. */
const TRIES = 12;

/** Calls that end on a given trunk, or on none. */
export interface ExampleCalls {
  /** A number that no trunk has as called number. */
  called: string;
  /** A number that no trunk has as caller number. */
  caller: string;
  /** A call that matches this trunk alone; undefined when every call tried matches others too, or the trunk does not exist. */
  toTrunk(id: string): Call | undefined;
  /** A call that matches one trunk alone, no matter which; undefined when there is none. */
  toAny(): { id: string; call: Call } | undefined;
  /** A call that matches no trunk; undefined when one takes them all. */
  toNone(): Call | undefined;
}

export function exampleCalls(trunks: readonly PreparedTrunk[]): ExampleCalls {
  const byCalled = groupsByCalled(trunks);
  const unnamed = byCalled.get(undefined) ?? [];
  const called = freshNumber(new Set(trunks.flatMap((trunk) => [...trunk.called])));
  const caller = freshNumber(new Set(trunks.flatMap((trunk) => [...trunk.callers])), 493_055_502_000);
  // Those that could take a call between these numbers.
  const rivalsFor = lastOf((numbers) =>
    [...(byCalled.get(numbers.called) ?? []), ...unnamed].filter(
      ({ callers }) => callers.size === 0 || callers.has(numbers.caller),
    ),
  );
  const byId = new Map(trunks.map((trunk) => [trunk.trunk.id, trunk]));
  const known = new Map<string, Call | undefined>();
  const toTrunk = (id: string) => {
    const wanted = byId.get(id);
    if (wanted && !known.has(id)) known.set(id, callTo(wanted, { called, caller }, rivalsFor));
    return known.get(id);
  };
  let none: { found: Call | undefined } | undefined;
  let any: { found: { id: string; call: Call } | undefined } | undefined;
  return {
    called,
    caller,
    toNone() {
      none ??= { found: callToNone(unnamed, { called, caller }) };
      return none.found;
    },
    toTrunk,
    toAny() {
      any ??= { found: firstOf(byId.keys(), toTrunk) };
      return any.found;
    },
  };
}

/** Trunks without numbers are tried with the same two numbers, one after the other. */
function lastOf<Value>(make: (numbers: Numbers) => Value): (numbers: Numbers) => Value {
  let last: { numbers: Numbers; value: Value } | undefined;
  return (numbers) => {
    const isSame = last?.numbers.called === numbers.called && last.numbers.caller === numbers.caller;
    if (!last || !isSame) last = { numbers, value: make(numbers) };
    return last.value;
  };
}

function firstOf(ids: Iterable<string>, toTrunk: (id: string) => Call | undefined) {
  for (const id of ids) {
    const call = toTrunk(id);
    if (call) return { id, call };
  }
  return undefined;
}

type Numbers = Pick<Call, "called" | "caller">;

function callTo(
  wanted: PreparedTrunk,
  fresh: Numbers,
  rivalsFor: (numbers: Numbers) => readonly PreparedTrunk[],
): Call | undefined {
  for (const called of some(wanted.called, fresh.called)) {
    for (const caller of some(wanted.callers, fresh.caller)) {
      const rivals = rivalsFor({ called, caller });
      if (rivals.some((rival) => rival !== wanted && takesAll(rival, wanted))) continue;
      for (const origin of originsPast(rivals, wanted)) {
        const call = { called, caller, ...origin };
        if (matchesAlone(rivals, wanted, call)) return call;
      }
    }
  }
  return undefined;
}

/** Whether every call from where the wanted trunk lets in is let in by this one, too: none is the wanted trunk's alone. */
function takesAll(rival: PreparedTrunk, wanted: PreparedTrunk): boolean {
  if (rival.called.size === 0 && wanted.called.size > 0) return false;
  const [theirs, own] = [rival.masks, wanted.masks];
  if (theirs.open) return true;
  const hasBlocks = own.blocks.every((block) => theirs.blocks.some((other) => covers(other, block)));
  return !own.open && own.zoned.length === 0 && hasBlocks && [...own.texts].every((text) => theirs.texts.has(text));
}

function some(numbers: ReadonlySet<string>, fresh: string): string[] {
  return numbers.size === 0 ? [fresh] : [...numbers].slice(0, TRIES);
}

/** Where a call could come from that the wanted trunk lets in and its rivals do not. */
function* originsPast(rivals: readonly PreparedTrunk[], wanted: PreparedTrunk): Generator<Origin> {
  const { masks } = wanted;
  yield originFor(masks);
  const others = rivals.filter((rival) => rival !== wanted).map((rival) => rival.masks);
  const taken = others.flatMap(({ blocks }) => blocks);
  for (const block of masks.open ? EVERYWHERE : masks.blocks) {
    const gap = gapIn(taken, block);
    if (gap !== undefined) yield { sourceAddress: formatAddress(block.version, gap), ...hostPast(others) };
  }
  if (masks.open) yield { sourceAddress: linkLocal(others), ...hostPast(others) };
  for (const fromHost of [...masks.texts].slice(0, TRIES)) yield { sourceAddress: sourcePast(others), fromHost };
}

/** Only trunks without called and caller numbers can take a call between two numbers that nobody has. */
function callToNone(unnamed: readonly PreparedTrunk[], numbers: Numbers): Call | undefined {
  const inTheWay = unnamed.filter(({ callers }) => callers.size === 0).map(({ masks }) => masks);
  if (inTheWay.some(({ open }) => open)) return undefined;
  return { ...numbers, sourceAddress: sourcePast(inTheWay), ...hostPast(inTheWay) };
}

/** An address that none of these masks has. */
function sourcePast(masks: readonly Masks[]): string {
  const blocks = masks.flatMap((one) => one.blocks);
  if (!blocks.some(isAnywhere)) return ANYWHERE;
  for (const all of EVERYWHERE) {
    const gap = gapIn(blocks, all);
    if (gap !== undefined) return formatAddress(all.version, gap);
  }
  return linkLocal(masks);
}

/** No block matches an address with a zone, not even ::/0. */
function linkLocal(masks: readonly Masks[]): string {
  const zones = new Set(masks.flatMap(({ zoned }) => zoned.map(({ zone }) => zone)));
  let number = 0;
  while (zones.has(`eth${number}`)) number++;
  return `fe80::1%eth${number}`;
}

/** An empty mask lets in whoever has no host in From. */
function hostPast(masks: readonly Masks[]): Pick<Origin, "fromHost"> {
  return masks.some(({ texts }) => texts.has("")) ? { fromHost: "nobody.invalid" } : {};
}
