import { type Block, formatAddress, parseAddress, parseBlock } from "./addresses.ts";

const MAPPED = parseBlock("::ffff:0:0/96");
const IPV4_BITS = 32n;

/** IPv4-mapped: livekit-sip shows an IPv4 source as IPv4. */
export function isMapped({ version, first, last }: Block): boolean {
  return version === 6 && MAPPED !== undefined && first >= MAPPED.first && last <= MAPPED.last;
}

/** What was meant by a mask that no source matches, in the form that LiveKit reads; undefined: that is not certain. */
export function meantMask(mask: string): string | undefined {
  const [host = "", ...rest] = bare(mask).split("/");
  const length = rest.length === 0 ? undefined : lengthOf(rest.join("/"));
  if (rest.length > 0 && length === undefined) return undefined;
  const address = host.includes(":") ? host : decimal(host, length !== undefined);
  if (address === undefined) return undefined;
  if (/^(0\.){3}0$/.test(address) && (length ?? 0) === 0) return "0.0.0.0/0";
  const text = length === undefined ? address : `${address}/${length}`;
  const block = parseBlock(length === undefined ? `${address}/${address.includes(":") ? 128 : 32}` : text);
  if (block === undefined) return undefined;
  return isMapped(block) ? unmapped(block) : text;
}

/** Without scheme, brackets and port. */
function bare(mask: string): string {
  return mask
    .trim()
    .replace(/^\w+:(\/\/)?(?=[\d[])/, "")
    .replace(/^\[(.*)\](:\d+)?$/, "$1")
    .replace(/^([\d.]+):\d+$/, "$1");
}

/** `24`, or a netmask such as `255.255.255.0`. */
function lengthOf(text: string): number | undefined {
  if (/^\d{1,3}$/.test(text)) return Number(text);
  const netmask = parseAddress(text);
  if (netmask?.version !== 4) return undefined;
  const bits = netmask.bits.toString(2).padStart(32, "0");
  return /^1*0*$/.test(bits) ? bits.replaceAll("0", "").length : undefined;
}

/** Without leading zeros, which Go does not read; the missing ends of a block, as in `10/8`, are 0. */
function decimal(host: string, isBlock: boolean): string | undefined {
  if (!/^\d{1,3}(\.\d{1,3}){0,3}$/.test(host)) return undefined;
  const octets = host.split(".").map(Number);
  if (octets.length < 4 && !isBlock) return undefined;
  return [...octets, 0, 0, 0].slice(0, 4).join(".");
}

function unmapped({ first, last }: Block): string {
  const size = last - first + 1n;
  const length = 32 - (size.toString(2).length - 1);
  const address = formatAddress(4, first & ((1n << IPV4_BITS) - 1n));
  return length === 32 ? address : `${address}/${length}`;
}
