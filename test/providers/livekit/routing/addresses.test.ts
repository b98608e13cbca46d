import { formatAddress, parseAddress, parseBlock } from "../../../../providers/livekit/routing/addresses.ts";
import { letsIn, parseMasks } from "../../../../providers/livekit/routing/masks.ts";

const passes = (masks: string[], source: string, fromHost = "caller.example.com") =>
  letsIn(parseMasks(masks), parseAddress(source), fromHost);

describe("allowed addresses let in", () => {
  test.each([
    ["a single address", ["10.1.2.3"], "10.1.2.3"],
    ["a block, whose host bits do not count", ["10.9.9.9/8"], "10.1.2.3"],
    ["an IPv6 address in another spelling", ["2001:DB8:0:0::1"], "2001:db8::1"],
    ["an IPv6 block", ["2001:db8::/32"], "2001:db8:ffff::1"],
    ["IPv4 at the end of IPv6", ["::ffff:0a01:0203"], "::ffff:10.1.2.3"],
    ["a link-local address with its zone", ["fe80::1%eth0"], "fe80::1%eth0"],
    ["everybody, when there is no mask", [], "198.51.100.7"],
    ["everybody, when every mask is malformed", ["10.*", "sip://10.1.2.3", "10.0.0.1, 10.0.0.2"], "198.51.100.7"],
    ["whoever has no source address", ["10.1.2.3"], ""],
  ])("%s", (_what, masks, source) => expect(passes(masks, source)).toBe(true));

  test("whoever writes a mask into the From header's host", () => {
    expect(passes(["10.1.2.3"], "198.51.100.7", "10.1.2.3")).toBe(true);
    expect(passes(["sbc.example.com"], "198.51.100.7", "sbc.example.com")).toBe(true);
    expect(passes(["sbc.example.com"], "198.51.100.7", "SBC.example.com")).toBe(false);
  });
});

describe("allowed addresses keep out", () => {
  test.each([
    ["an address outside", ["10.0.0.0/8"], "11.0.0.1"],
    ["IPv4-mapped IPv6 from an IPv4 block", ["10.0.0.0/8"], "::ffff:10.1.2.3"],
    ["IPv4 from an IPv6 block", ["::/0"], "10.1.2.3"],
    ["an address with a zone from every block", ["fe80::/10"], "fe80::1%eth0"],
    ["whoever a malformed mask beside a good one meant", ["10.0.0.0/8", "192.168.1.1;"], "192.168.1.1"],
    ["a mask with a port", ["10.1.2.3:5060"], "10.1.2.3"],
    ["a mask in brackets", ["[2001:db8::1]"], "2001:db8::1"],
    ["a length with a leading zero", ["10.0.0.0/08"], "10.1.2.3"],
    ["a length that is too long", ["10.1.2.3/33"], "10.1.2.3"],
  ])("%s", (_what, masks, source) => expect(passes(masks, source)).toBe(false));
});

test.each([
  "010.1.2.3",
  "1.2.3",
  "256.1.1.1",
  "1.2.3.4:5060",
  "::1%",
  ":::",
  "1::2::3",
  "1:2:3:4:5:6:7:8:9",
  "1:2:3:4:5:6:7::8",
  "12345::",
  "localhost",
  "",
])("%j is no address", (text) => expect(parseAddress(text)).toBeUndefined());

test("addresses are written so that they are read again", () => {
  for (const text of ["0.0.0.0", "10.1.2.3", "255.255.255.255", "::", "2001:db8::a:1", "::ffff:10.1.2.3"]) {
    const address = parseAddress(text);
    expect(address && parseAddress(formatAddress(address.version, address.bits))).toEqual(address);
  }
});

test("a block has a first and a last address", () => {
  expect(parseBlock("10.1.2.3/30")).toEqual({ version: 4, first: 0x0a010200n, last: 0x0a010203n });
  expect(parseBlock("::/0")?.last).toBe((1n << 128n) - 1n);
});
