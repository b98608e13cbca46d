/** An IP address. `zone` is that of a link-local IPv6 address. */
export interface Address {
  version: 4 | 6;
  bits: bigint;
  zone: string;
}

/** A block of addresses, first and last included. */
export interface Block {
  version: 4 | 6;
  first: bigint;
  last: bigint;
}

/** All addresses but 0.0.0.0 and ::, which no packet comes from. */
export const EVERYWHERE: readonly Block[] = [
  { version: 4, first: 1n, last: (1n << 32n) - 1n },
  { version: 6, first: 1n, last: (1n << 128n) - 1n },
];

const OCTET = /^(0|[1-9]\d{0,2})$/;
const GROUP = /^[0-9a-fA-F]{1,4}$/;

/** Parses as Go's netip.ParseAddr does: no leading zeros, no brackets, no port. An IPv4-mapped address stays IPv6. */
export function parseAddress(text: string): Address | undefined {
  if (!text.includes(":")) {
    const bits = parseIpv4(text);
    return bits === undefined ? undefined : { version: 4, bits, zone: "" };
  }
  const [digits = "", ...rest] = text.split("%");
  const zone = rest.join("%");
  if (rest.length > 0 && zone === "") return undefined;
  const bits = parseIpv6(digits);
  return bits === undefined ? undefined : { version: 6, bits, zone };
}

function parseIpv4(text: string): bigint | undefined {
  const octets = text.split(".");
  if (octets.length !== 4 || !octets.every((octet) => OCTET.test(octet) && Number(octet) < 256)) return undefined;
  return octets.reduce((bits, octet) => bits * 256n + BigInt(octet), 0n);
}

function parseIpv6(text: string): bigint | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const [head, tail] = halves.map((half, index) => groupsOf(half, index === halves.length - 1));
  if (!head || (halves.length === 2 && !tail)) return undefined;
  const missing = 8 - head.length - (tail?.length ?? 0);
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head, ...Array<bigint>(missing).fill(0n), ...(tail ?? [])];
  return groups.reduce((bits, group) => bits * 65_536n + group, 0n);
}

/** The 16-bit groups of one side of `::`; the last four bytes may be written as IPv4. */
function groupsOf(half: string, mayEndInIpv4: boolean): bigint[] | undefined {
  if (half === "") return [];
  const parts = half.split(":");
  const groups: bigint[] = [];
  for (const [index, part] of parts.entries()) {
    const ipv4 = mayEndInIpv4 && index === parts.length - 1 && part.includes(".") ? parseIpv4(part) : undefined;
    if (ipv4 !== undefined) groups.push(ipv4 >> 16n, ipv4 & 65_535n);
    else if (GROUP.test(part)) groups.push(BigInt(`0x${part}`));
    else return undefined;
  }
  return groups;
}

/** Parses `1.2.3.4/8` as Go's netip.ParsePrefix does; host bits may be set and do not count. No zone. */
export function parseBlock(text: string): Block | undefined {
  const slash = text.lastIndexOf("/");
  const length = text.slice(slash + 1);
  const address = parseAddress(text.slice(0, slash));
  if (slash < 0 || !address || address.zone || !/^(0|[1-9]\d{0,2})$/.test(length)) return undefined;
  const width = address.version === 4 ? 32 : 128;
  if (Number(length) > width) return undefined;
  const size = 1n << BigInt(width - Number(length));
  const first = (address.bits / size) * size;
  return { version: address.version, first, last: first + size - 1n };
}

/** The text of an address without zone, in a form that every parser reads. */
export function formatAddress(version: 4 | 6, bits: bigint): string {
  const [count, width, base, separator] = version === 4 ? [4, 8n, 10, "."] : [8, 16n, 16, ":"];
  const fields = Array.from({ length: Number(count) }, (_, index) => {
    const shift = BigInt(Number(count) - 1 - index) * (width as bigint);
    return ((bits >> shift) & ((1n << (width as bigint)) - 1n)).toString(Number(base));
  });
  return fields.join(String(separator));
}
