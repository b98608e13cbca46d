/**
 * What people write into lists of numbers and addresses, by kind, around few numbers so that things overlap: most are mistakes. LiveKit's own
 * code judges what each does.
 */

export const NUMBER_SPELLINGS = {
  prefix: ["+49", "+4930", "49"],
  wildcard: ["+4930100*", "*", "+49301000?", "+4930100x", "^\\+49", ".*"],
  "double zero": ["0049301000", "00 49 30 1000", "0049 (30) 1000"],
  "zero in brackets": ["+49 (0)30 1000", "+49(0)301000"],
  "without country": ["0301000", "030 1000", "301000"],
  "plus and zero": ["+0301000"],
  letters: ["+1800FLOWERS", "1-800-FLOWERS", "call-7", "office"],
  "tel URI": ["tel:+49301000", "tel:+49-30-1000;ext=5"],
  "SIP URI": ["sip:+49301000@sbc.example.com", "+49301000@sbc.example.com"],
  parameters: ["+49301000;npdi", "+49301000;ext=5", "+49301000;phone-context=+49"],
  anonymous: ["anonymous", "Anonymous", "anonymous@anonymous.invalid", "unknown", "restricted"],
  "several in one": ["+49301000,+49301001", "+49301000 +49301001"],
  invisible: ["+49\u00a0301000", "\u202a+49301000", "+49301000 ", "\t+49301000", "+49301000\n"],
  "too long": ["+493010001234567890"],
  "no number": ["-30", "+", "()", " ", "-"],
  empty: [""],
} as const;

export type NumberSpelling = keyof typeof NUMBER_SPELLINGS;

export const MASK_SPELLINGS = {
  everybody: ["0.0.0.0/0", "::/0", "0.0.0.0/1", "128.0.0.0/1"],
  block: ["10.0.0.0/8", "10.1.2.3/16", "192.168.0.0/16", "2001:db8::/32", "54.172.60.0/30"],
  address: ["10.1.2.3", "192.168.1.1", "2001:DB8:0::1", "fe80::1%eth0"],
  "invalid block": ["10.1.2.3/08", "10.1.2.3/33", "10.0.0.0/+8", "10.0.0.0/", "10.0.0/8", "fe80::%eth0/10", "/8"],
  "invalid address": ["010.1.2.3", "10.1.2.3:5060", "[2001:db8::1]", "1::2::3", "10.0.0.1-10.0.0.9", "256.1.2.3"],
  "mapped to IPv6": ["::ffff:10.1.2.3", "::ffff:0:0/96"],
  "host name": ["sbc.example.com", "SBC.example.com", "sip:10.1.2.3", "<your-ip>", ""],
  malformed: ["10.1.2.3;", "sip://10.1.2.3", "10.*", "10.0.0.0/8, 192.168.0.0/16", " 10.1.2.3", "*"],
} as const;

export type MaskSpelling = keyof typeof MASK_SPELLINGS;
