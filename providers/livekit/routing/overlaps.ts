import type { Block } from "./addresses.ts";

/** Something with blocks of addresses. */
export interface Spread<T> {
  of: T;
  blocks: readonly Block[];
}

interface Item<T> extends Block {
  of: T;
  side: 0 | 1;
}

/**
 * Every pair, one of each side, that has an address in common; a pair may come more than once. One sweep over the sorted
 * blocks: the time grows with the number of blocks and of pairs found, not with the number of pairs there could be.
 */
export function* overlaps<T>(left: readonly Spread<T>[], right: readonly Spread<T>[]): Generator<[T, T]> {
  for (const version of [4, 6] as const) {
    const items = [...itemsOf(left, 0, version), ...itemsOf(right, 1, version)];
    items.sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0));
    yield* sweep(items);
  }
}

function itemsOf<T>(spreads: readonly Spread<T>[], side: 0 | 1, version: 4 | 6): Item<T>[] {
  return spreads.flatMap(({ of, blocks }) =>
    blocks.filter((block) => block.version === version).map((block) => ({ ...block, of, side })),
  );
}

function* sweep<T>(items: readonly Item<T>[]): Generator<[T, T]> {
  const open: [Item<T>[], Item<T>[]] = [[], []];
  for (const item of items) {
    const across = item.side === 0 ? 1 : 0;
    open[across] = open[across].filter((other) => other.last >= item.first);
    for (const other of open[across]) yield item.side === 0 ? [item.of, other.of] : [other.of, item.of];
    open[item.side].push(item);
  }
}

/** What two lists of blocks have in common first, or undefined. */
export function overlapOf(left: readonly Block[], right: readonly Block[]): Block | undefined {
  const spreads = [left, right].map((blocks) => blocks.map((block) => ({ of: block, blocks: [block] })));
  for (const [a, b] of overlaps(spreads[0] ?? [], spreads[1] ?? []))
    return {
      version: a.version,
      first: a.first > b.first ? a.first : b.first,
      last: a.last < b.last ? a.last : b.last,
    };
  return undefined;
}

/** The lowest address of `within` that is in no block, or undefined. */
export function gapIn(blocks: readonly Block[], within: Block): bigint | undefined {
  if (blocks.some((block) => covers(block, within))) return undefined;
  const sorted = blocks
    .filter(({ version }) => version === within.version)
    .sort((a, b) => (a.first < b.first ? -1 : 1));
  let free = within.first;
  for (const { first, last } of sorted) {
    if (first > free) break;
    if (last >= free) free = last + 1n;
  }
  return free <= within.last ? free : undefined;
}

/** Whether a block has all of another. */
export function covers(block: Block, within: Block): boolean {
  return block.version === within.version && block.first <= within.first && within.last <= block.last;
}
