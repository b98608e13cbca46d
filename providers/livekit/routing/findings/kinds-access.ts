import type { FindingKind } from "./kind.ts";

/** Who is let in. */
export const ACCESS_KINDS = {
  TRUNK_OPEN_TO_EVERYONE: {
    severity: "error",
    needs: "objects",
    means:
      "No credentials, no called numbers, and addresses that let the whole internet in: every scanner's call reaches an agent, at your cost.",
    example: 'allowedAddresses: ["0.0.0.0/0"], nothing else',
    cure: "Set credentials, or list the carrier's signalling addresses. Declared trunks need open: true to be so.",
    sources: ["livekit/sip#663", "livekit/sip#460", "livekit/sip#326"],
  },
  ADDRESSES_LET_EVERYONE_IN: {
    severity: "warning",
    needs: "objects",
    means:
      "The allowed addresses cover a large part of the internet: they protect nothing. Only whoever does not know the number is kept out.",
    example: 'numbers and allowedAddresses: ["0.0.0.0/1", "128.0.0.0/1"]',
    cure: "List the carrier's signalling addresses, or set credentials.",
    sources: ["livekit/sip#663"],
  },
  API_REFUSES_OPEN_TRUNK: {
    severity: "error",
    needs: "objects",
    means:
      "A trunk with neither credentials, addresses nor called numbers. The API refuses to create one; older servers did not.",
    example: "a trunk with a name only",
    cure: "Set credentials, or list addresses.",
    sources: ["livekit/sip#213", "livekit protocol livekit/sip.go, SIPInboundTrunkInfo.Validate"],
  },
  HALF_CREDENTIALS: {
    severity: "error",
    needs: "objects",
    means: "Only one of user name and password is set: livekit-sip asks for neither.",
    example: "authUsername without authPassword",
    cure: "Set both, or neither.",
    sources: ["livekit-sip 1.8.0 pkg/sip/inbound.go", "livekit/sip#338"],
  },
  TWIN_WITHOUT_CREDENTIALS: {
    severity: "warning",
    needs: "objects",
    means:
      "Two trunks serve the same number and only one asks for credentials: whoever passes the other's addresses needs none.",
    example: "one trunk for each region of a carrier, credentials on the first only",
    cure: "Give both the same credentials, or merge them.",
    sources: ["livekit/sip#592", "livekit/sip#338"],
  },
  CREDENTIALS_WITH_SPACES: {
    severity: "error",
    needs: "text",
    means:
      "User name, password or realm begins or ends with a space, or has a character that cannot be seen: the carrier's digest never fits.",
    example: "a password that was pasted with a line break",
    cure: "Set it again, without.",
    sources: ["livekit/sip#338"],
  },
  PLACEHOLDER_VALUE: {
    severity: "error",
    needs: "text",
    means: "A value from the documentation was not replaced.",
    example: "<username>, YOUR_PASSWORD, your-trunk.pstn.twilio.com",
    cure: "Put your own value in its place.",
    sources: ["https://docs.livekit.io/sip/sip-trunk/", "livekit/sip#520"],
  },
  CARRIER_SENDS_NO_CREDENTIALS: {
    severity: "error",
    needs: "objects",
    means:
      "The trunk asks Twilio's addresses for credentials. Twilio's elastic trunks answer no challenge on origination: every call ends with 407.",
    example: "allowedAddresses of Twilio, authUsername and authPassword",
    cure: "Remove the credentials; the addresses are the protection.",
    sources: ["livekit-examples/livekit-sip-agent-example#3", "livekit/sip#520"],
  },
  PRIVATE_ADDRESSES_ON_CLOUD: {
    severity: "error",
    needs: "objects",
    means:
      "Every allowed address is a private one. LiveKit Cloud sees the public address of the carrier or of your router.",
    example: 'allowedAddresses: ["192.168.1.10"] on LiveKit Cloud',
    cure: "List the public addresses that the INVITE comes from.",
    sources: ["livekit/sip#318", "livekit/sip#484"],
  },
  ALL_MASKS_INVALID: {
    severity: "error",
    needs: "objects",
    means:
      "LiveKit ignores addresses with characters it does not expect. When it ignores all of them, the trunk is open to every source.",
    example: 'allowedAddresses: ["10.0.0.0/8, 192.168.0.0/16"]',
    cure: "Write one address or CIDR block for each entry, without port and scheme.",
    sources: ["livekit protocol sip/sip.go, isValidMask", "livekit/sip#362"],
  },
  MASK_NEVER_MATCHES: {
    severity: "warning",
    needs: "text",
    means:
      "An allowed address that no source has: with a port, in brackets, with leading zeros, IPv4 written as IPv6, a short form such as 10/8, or 0.0.0.0, which is not everybody.",
    example: "203.0.113.7:5060, ::ffff:203.0.113.7, 192.000.002.001, 0/0",
    cure: "Write the address alone, or the block with all four numbers, a slash and its length.",
    sources: ["livekit protocol sip/sip.go, matchAddrMask", "livekit/sip#520"],
  },
  MASK_MATCHES_FROM_HOST_ONLY: {
    severity: "warning",
    needs: "text",
    means: "A host name only matches the host in From, which every caller can choose; it is not resolved.",
    example: 'allowedAddresses: ["sbc.example.com"]',
    cure: "List the addresses behind the name.",
    sources: ["livekit protocol sip/sip.go, matchAddrMasks", "livekit/sip#318"],
  },
} as const satisfies Record<string, FindingKind>;
