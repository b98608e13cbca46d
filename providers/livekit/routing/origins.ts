import { type Block, formatAddress, parseAddress } from "./addresses.ts";
import { isHostName, type Masks } from "./masks.ts";
import { overlapOf } from "./overlaps.ts";

/** Where a call comes from. */
export interface Origin {
  sourceAddress: string;
  fromHost?: string;
}

/** An address for examples (RFC 5737). */
export const ANYWHERE = "192.0.2.10";
const ANYWHERE_BITS = parseAddress(ANYWHERE)?.bits ?? 0n;

/** Whether a block has the address for examples. */
export function isAnywhere({ version, first, last }: Block): boolean {
  return version === 4 && first <= ANYWHERE_BITS && ANYWHERE_BITS <= last;
}

/** An origin that a trunk lets in: by its address, else as the host in From that a mask names. */
export function originFor(masks: Masks): Origin {
  const named = () => firstOf(masks.texts, (fromHost) => ({ sourceAddress: ANYWHERE, fromHost }));
  return sourceFor(masks) ?? named() ?? { sourceAddress: ANYWHERE };
}

/** An origin that both let in without imitating an address in From: by its source, or as a host that is named. */
export function plainOrigin(a: Masks, b: Masks): Origin | undefined {
  if (a.open) return originFor(b);
  if (b.open) return originFor(a);
  return sharedSource(a, b) ?? sharedHost(a, b, isHostName) ?? sourceAndHost(a, b, isHostName);
}

/** An origin that both let in, for a caller who writes into From whatever helps. */
export function spoofedOrigin(a: Masks, b: Masks): Origin | undefined {
  return sourceAndHost(a, b, () => true) ?? sharedHost(a, b, () => true);
}

/** A source that passes by its address. */
function sourceFor({ open, blocks, zoned }: Masks): Origin | undefined {
  if (open) return { sourceAddress: ANYWHERE };
  if (blocks[0]) return { sourceAddress: usableAddress(blocks[0]) };
  if (zoned[0]) return { sourceAddress: `${formatAddress(6, zoned[0].bits)}%${zoned[0].zone}` };
  return undefined;
}

/** An address of a block that a host could have: not the network's own. */
function usableAddress(block: Block): string {
  const { version, first, last } = block;
  if (isAnywhere(block)) return ANYWHERE;
  return formatAddress(version, last - first > 1n ? first + 1n : first);
}

function sharedSource(a: Masks, b: Masks): Origin | undefined {
  const block = overlapOf(a.blocks, b.blocks);
  if (block) return { sourceAddress: usableAddress(block) };
  const zoned = a.zoned.find((one) => b.zoned.some((other) => other.bits === one.bits && other.zone === one.zone));
  return zoned && { sourceAddress: `${formatAddress(6, zoned.bits)}%${zoned.zone}` };
}

function sharedHost(a: Masks, b: Masks, mayBe: (text: string) => boolean): Origin | undefined {
  return firstOf(a.texts, (text) =>
    b.texts.has(text) && mayBe(text) ? { sourceAddress: ANYWHERE, fromHost: text } : undefined,
  );
}

function sourceAndHost(a: Masks, b: Masks, mayBe: (text: string) => boolean): Origin | undefined {
  return withHostOf(a, b, mayBe) ?? withHostOf(b, a, mayBe);
}

function withHostOf(a: Masks, b: Masks, mayBe: (text: string) => boolean): Origin | undefined {
  const source = sourceFor(a);
  return source && firstOf(b.texts, (text) => (mayBe(text) ? { ...source, fromHost: text } : undefined));
}

function firstOf<T>(texts: ReadonlySet<string>, make: (text: string) => T | undefined): T | undefined {
  for (const text of texts) {
    const made = make(text);
    if (made !== undefined) return made;
  }
  return undefined;
}
