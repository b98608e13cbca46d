import { isHostName } from "./masks.ts";
import { overlaps } from "./overlaps.ts";
import type { PreparedTrunk } from "./prepared.ts";

export type Pair = [PreparedTrunk, PreparedTrunk];
/** Pairs of one trunk of each list that some origin of a call has in common. */
type Join = (left: readonly PreparedTrunk[], right: readonly PreparedTrunk[]) => Generator<Pair>;

/**
 * Trunks that can be asked for the same called number: by number, and those without under "". A trunk with the called
 * number beats one without, so nothing clashes across these groups.
 */
export function groupsByCalled(trunks: readonly PreparedTrunk[]): Map<string | undefined, PreparedTrunk[]> {
  return groupBy(trunks, ({ called }) => (called.size === 0 ? [undefined] : called));
}

/**
 * The pairs of a group that let the same caller in from the same origin. A pair may come more than once and in either
 * order, a trunk may come with itself; nothing else comes that does not clash, so whoever takes N of them waits for about N.
 */
export function* pairsIn(group: readonly PreparedTrunk[], join: Join): Generator<Pair> {
  if (group.length < 2) return;
  const open = group.filter(({ callers }) => callers.size === 0);
  const restricted = group.filter(({ callers }) => callers.size > 0);
  yield* join(open, open);
  yield* join(open, restricted);
  for (const sharing of groupBy(restricted, ({ callers }) => callers).values())
    if (sharing.length > 1) yield* join(sharing, sharing);
}

/** By an address in common, or a host name that From may carry. */
export function* joinPlain(left: readonly PreparedTrunk[], right: readonly PreparedTrunk[]): Generator<Pair> {
  yield* product(left.filter(isOpen), right);
  yield* product(left, right.filter(isOpen));
  yield* overlaps(left.map(spread), right.map(spread));
  yield* product(left.filter(namesHost), right.filter(hasSource));
  yield* product(left.filter(hasSource), right.filter(namesHost));
  yield* sharingText(left, right, isHostName);
}

/** By whatever a caller may write into From. */
export function* joinSpoofed(left: readonly PreparedTrunk[], right: readonly PreparedTrunk[]): Generator<Pair> {
  const [closedLeft, closedRight] = [left, right].map((list) => list.filter((trunk) => !isOpen(trunk)));
  if (!closedLeft || !closedRight) return;
  yield* product(closedLeft.filter(hasSource), closedRight);
  yield* product(closedLeft, closedRight.filter(hasSource));
  yield* sharingText(closedLeft, closedRight, () => true);
}

function* product(left: readonly PreparedTrunk[], right: readonly PreparedTrunk[]): Generator<Pair> {
  for (const a of left) for (const b of right) yield [a, b];
}

/** Two masks of the same text; a zone counts as written, since addresses with zones are compared so. */
function* sharingText(
  left: readonly PreparedTrunk[],
  right: readonly PreparedTrunk[],
  counts: (text: string) => boolean,
): Generator<Pair> {
  const textsOf = ({ masks }: PreparedTrunk) => [
    ...[...masks.texts].filter(counts),
    ...masks.zoned.map(({ bits, zone }) => `${bits}%${zone}`),
  ];
  const byText = groupBy(right, textsOf);
  for (const a of left) for (const text of textsOf(a)) for (const b of byText.get(text) ?? []) yield [a, b];
}

function groupBy<T, K>(list: readonly T[], keysOf: (item: T) => Iterable<K>): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of list) {
    for (const key of keysOf(item)) {
      const group = groups.get(key);
      if (group) group.push(item);
      else groups.set(key, [item]);
    }
  }
  return groups;
}

const isOpen = ({ masks }: PreparedTrunk) => masks.open;
const hasSource = ({ masks }: PreparedTrunk) => masks.blocks.length + masks.zoned.length > 0;
const namesHost = ({ masks }: PreparedTrunk) => [...masks.texts].some(isHostName);
const spread = (of: PreparedTrunk) => ({ of, blocks: of.masks.blocks });
