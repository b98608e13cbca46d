import { type Block, parseAddress, parseBlock } from "../addresses.ts";

/** Addresses that no packet on the internet comes from (RFC 1918, 3927, 4193, 6598, loopback). */
const PRIVATE = [
  "10.0.0.0/8",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "100.64.0.0/10",
  "169.254.0.0/16",
  "127.0.0.0/8",
  "fc00::/7",
  "fe80::/10",
  "::1/128",
].flatMap((block) => parseBlock(block) ?? []);

export function isPrivate({ version, first, last }: Block): boolean {
  return PRIVATE.some((range) => range.version === version && range.first <= first && last <= range.last);
}

/** Of a host without port; a name is none. */
export function isPrivateHost(host: string): boolean {
  const address = parseAddress(host.replace(/^\[(.*)\]$/, "$1"));
  return (
    host === "localhost" ||
    (address !== undefined && isPrivate({ version: address.version, first: address.bits, last: address.bits }))
  );
}
