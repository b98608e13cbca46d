/**
 * What counts as one source: an IPv4 address, or the /64 of an IPv6 address, which is the least that one customer gets (RFC 6177): single
 * addresses of it cost nothing.
 */
export function sourceOf(ip: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1];
  if (mapped !== undefined) return mapped;
  if (!ip.includes(":")) return ip;
  const [head = "", tail] = (ip.split("%")[0] ?? "").split("::");
  const groups = (text: string) => text.split(":").filter((group) => group !== "");
  const left = groups(head);
  const right = groups(tail ?? "");
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  const all = [...left, ...Array<string>(zeros).fill("0"), ...right];
  return `${all.slice(0, 4).map(normal).join(":")}::/64`;
}

function normal(group: string): string {
  return group.toLowerCase().replace(/^0+(?=.)/, "");
}
