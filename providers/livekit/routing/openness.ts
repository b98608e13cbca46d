import type { Block } from "./addresses.ts";
import { parseMasks } from "./masks.ts";

/** Where calls come from: all of IPv4, and of IPv6 what is given out as global addresses (IANA). */
const PUBLIC = { 4: { first: 0n, size: 1n << 32n }, 6: { first: 0x2n << 124n, size: 1n << 125n } } as const;
/** A quarter of these is no longer a list of carriers. */
const WIDE_PARTS = 4n;

/** Whether a list of allowed addresses lets in so much of the internet that it protects nothing. An empty one does. */
export function letsEveryoneIn(allowedAddresses: readonly string[]): boolean {
  const { open, blocks } = parseMasks(allowedAddresses);
  return open || ([4, 6] as const).some((version) => sizeOf(blocks, version) * WIDE_PARTS >= PUBLIC[version].size);
}

function sizeOf(blocks: readonly Block[], version: 4 | 6): bigint {
  const own = blocks.filter((block) => block.version === version);
  const { first, size } = PUBLIC[version];
  return own.reduce((sum, block) => {
    const [from, to] = [
      block.first > first ? block.first : first,
      block.last < first + size ? block.last : first + size - 1n,
    ];
    return to < from ? sum : sum + to - from + 1n;
  }, 0n);
}
