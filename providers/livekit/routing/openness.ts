import type { Block } from "./addresses.ts";
import { parseMasks } from "./masks.ts";

/** A quarter of all IPv4 addresses, or of IPv6, is no longer a list of carriers. */
const WIDE_PARTS = 4n;

/** Whether a list of allowed addresses lets in so much of the internet that it protects nothing. An empty one does. */
export function letsEveryoneIn(allowedAddresses: readonly string[]): boolean {
  const { open, blocks } = parseMasks(allowedAddresses);
  return (
    open ||
    ([4, 6] as const).some((version) => sizeOf(blocks, version) * WIDE_PARTS >= 1n << (version === 4 ? 32n : 128n))
  );
}

function sizeOf(blocks: readonly Block[], version: 4 | 6): bigint {
  const own = blocks.filter((block) => block.version === version);
  return own.reduce((sum, { first, last }) => sum + last - first + 1n, 0n);
}
