import { type Address, type Block, parseAddress, parseBlock } from "./addresses.ts";

/** Characters that make LiveKit ignore a mask (livekit protocol sip/sip.go, isValidMask). */
const MALFORMED = /[()+*;, \t\n\r]|:\/\//;

/** What a trunk's allowedAddresses let in. */
export interface Masks {
  /** No mask that counts: every source is let in. */
  open: boolean;
  /** Blocks of source addresses, single ones included; an address with a zone is not in here. */
  blocks: Block[];
  zoned: Address[];
  /** Every mask that counts, as text: a From host that equals one is let in too. */
  texts: ReadonlySet<string>;
}

export function isMalformed(mask: string): boolean {
  return MALFORMED.test(mask);
}

export function parseMasks(masks: readonly string[]): Masks {
  const texts = masks.filter((mask) => !isMalformed(mask));
  const parsed: Masks = { open: texts.length === 0, blocks: [], zoned: [], texts: new Set(texts) };
  for (const text of texts) addMask(parsed, text);
  return parsed;
}

function addMask(masks: Masks, text: string): void {
  if (text.includes("/")) {
    const block = parseBlock(text);
    if (block) masks.blocks.push(block);
    return;
  }
  const address = parseAddress(text);
  if (address?.zone) masks.zoned.push(address);
  else if (address) masks.blocks.push({ version: address.version, first: address.bits, last: address.bits });
}

/**
 * Whether a call from this source, with this host in From, passes. A source that is no address passes every mask.
 * IPv4 never matches an IPv6 block, nor an IPv4-mapped source an IPv4 block.
 */
export function letsIn(masks: Masks, source: Address | undefined, fromHost: string): boolean {
  if (!source || masks.open || masks.texts.has(fromHost)) return true;
  if (source.zone) return masks.zoned.some((one) => one.bits === source.bits && one.zone === source.zone);
  return masks.blocks.some((block) => block.version === source.version && contains(block, source.bits));
}

function contains(block: Block, bits: bigint): boolean {
  return block.first <= bits && bits <= block.last;
}

/** Whether a mask can be a host name in From, rather than an address that a caller would have to imitate. */
export function isHostName(mask: string): boolean {
  return /^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\.?$/.test(mask) && /[A-Za-z]/.test(mask);
}
