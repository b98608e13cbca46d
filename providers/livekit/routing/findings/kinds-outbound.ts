import type { FindingKind } from "./kind.ts";

/** Outbound trunks, and what media goes over trunks. */
export const OUTBOUND_KINDS = {
  OUTBOUND_TO_OWN_HOST: {
    severity: "error",
    needs: "text",
    means:
      "The outbound trunk calls what seems to be the project's own SIP host: its name is like the project's, whose id the API does not show. If it is, the calls come back in as inbound ones instead of reaching a telephone.",
    example: "address: the SIP URI of the project's settings page",
    cure: "Write the carrier's host into address.",
    sources: ["https://docs.livekit.io/telephony/start/sip-trunk-setup", "livekit/sip#583"],
  },
  OUTBOUND_TO_OTHER_LIVEKIT: {
    severity: "error",
    needs: "text",
    means:
      "The outbound trunk calls a SIP host of LiveKit Cloud, this project's own or another's (the API does not say which). Such a host takes calls in for one project; it has no telephone network behind it.",
    example: "address: 5mjicw2rw4y.sip.livekit.cloud",
    cure: "Write the carrier's host into address.",
    sources: ["livekit/sip#338", "https://docs.livekit.io/telephony/start/sip-trunk-setup"],
  },
  OUTBOUND_ADDRESS_IS_URL: {
    severity: "error",
    needs: "text",
    means: "The address is a web or WebSocket URL, or LiveKit's API host. No SIP is spoken there.",
    example: "wss://my-project.livekit.cloud",
    cure: "Write the carrier's SIP host: its name, and its port where that is another than the usual one.",
    sources: ["livekit/livekit#3799", "livekit/sip#660"],
  },
  OUTBOUND_ADDRESS_IS_URI: {
    severity: "error",
    needs: "text",
    means: "The address, or fromHost, is a SIP URI. LiveKit wants the host alone, and newer servers refuse the trunk.",
    example: "sip:carrier.example;transport=tcp",
    cure: "Write host or host:port; the transport has a field of its own.",
    sources: ["livekit protocol livekit/sip.go, validateHostnameFormat", "livekit/protocol#1419", "livekit/sip#170"],
  },
  OUTBOUND_ADDRESS_INVALID: {
    severity: "error",
    needs: "text",
    means: "The address is neither a host name nor an IP address: calls over the trunk fail.",
    example: "address: carrier.example:99999, 198.51.100.4/24",
    cure: "Write the carrier's SIP host alone, or with a colon and its port behind it.",
    sources: ["livekit protocol livekit/sip.go, validateHostnameFormat", "livekit/protocol#1419"],
  },
  OUTBOUND_WITHOUT_NUMBERS: {
    severity: "error",
    needs: "objects",
    means: "The trunk has no number to call from. The API refuses such a trunk, and a call over it fails.",
    example: "numbers: []",
    cure: 'List your numbers; "*" lets each call choose one.',
    sources: ["livekit protocol livekit/sip.go, SIPOutboundTrunkInfo.Validate", "livekit/sip#202"],
  },
  OUTBOUND_WITHOUT_ADDRESS: {
    severity: "error",
    needs: "objects",
    means:
      "The trunk does not say which SIP host its calls go to. The API refuses such a trunk, and a call over it fails.",
    example: 'address: ""',
    cure: "Write the carrier's SIP host into address: its name, and its port where that is another than the usual one.",
    sources: ["livekit protocol livekit/sip.go, SIPOutboundTrunkInfo.Validate"],
  },
  OUTBOUND_HALF_CREDENTIALS: {
    severity: "error",
    needs: "objects",
    means: "Only one of user name and password is set: the carrier's challenge cannot be answered.",
    example: "authUsername without authPassword",
    cure: "Set both, or neither when the carrier goes by address.",
    sources: ["livekit/sip#333", "livekit/sip#553"],
  },
  OUTBOUND_TLS_PORT: {
    severity: "warning",
    needs: "objects",
    means: "Port and transport do not fit: 5061 is for TLS, 5060 for UDP and TCP.",
    example: "address: carrier.example:5061, transport: SIP_TRANSPORT_UDP",
    cure: "Set transport: SIP_TRANSPORT_TLS with 5061, or the port of the transport.",
    sources: ["livekit/livekit#3907", "livekit/sip#145"],
  },
  OUTBOUND_PRIVATE_ADDRESS_ON_CLOUD: {
    severity: "error",
    needs: "text",
    means: "LiveKit Cloud cannot reach a private address: the call ends without an answer.",
    example: "address: 192.168.1.10",
    cure: "Write the public address of the exchange, and open its SIP port.",
    sources: ["livekit/sip#660", "livekit/sip#231"],
  },
  OUTBOUND_COUNTRY: {
    severity: "warning",
    needs: "text",
    means: "The destination country is no code of ISO 3166: LiveKit cannot choose the region by it.",
    example: "destinationCountry: germany",
    cure: "Write the country's ISO 3166 code of two letters.",
    sources: ["https://docs.livekit.io/telephony/features/region-pinning.md"],
  },
  SRTP_WITHOUT_TLS: {
    severity: "warning",
    needs: "objects",
    means:
      "The trunk demands encrypted media and sends the keys over UDP or TCP, where everybody on the way can read them; many carriers refuse that with 488.",
    example: "mediaEncryption: SIP_MEDIA_ENCRYPT_REQUIRE, transport: SIP_TRANSPORT_UDP",
    cure: "Set transport: SIP_TRANSPORT_TLS, or do not demand encryption.",
    sources: ["livekit/protocol#892", "livekit/sip#330"],
  },
  KRISP_ON_TELEPHONE_CALLS: {
    severity: "warning",
    needs: "objects",
    means:
      "Krisp on the trunk works on LiveKit Cloud only, and its filter is made for wideband voice. With a filter in the agent the voice is filtered twice.",
    example: "krispEnabled: true",
    cure: "Turn it off on the trunk; filter in the agent with the model for telephony, if at all.",
    sources: ["livekit/agents#5253", "livekit/agents#6455", "livekit/client-sdk-js#1510"],
  },
  CODECS_WITHOUT_G711: {
    severity: "error",
    needs: "objects",
    means:
      "Only the listed codecs are offered, and neither PCMU nor PCMA is among them: most carriers have no other, and calls end with 400 or 488.",
    example: "onlyListedCodecs: true, codecs: [G722]",
    cure: "Add PCMA and PCMU.",
    sources: ["livekit/livekit#4106", "livekit/livekit#2937", "livekit/sip#95"],
  },
  CODEC_UNKNOWN: {
    severity: "error",
    needs: "objects",
    means:
      "livekit-sip has no such codec: it knows PCMU, PCMA, G722 and AMR-WB, in capitals. Without a sample rate every call of the trunk fails.",
    example: "codecs: [{ name: opus }]",
    cure: "List codecs that it has; Jambonz or an SBC can transcode the others.",
    sources: ["livekit-sip 1.8.0 pkg/sip/media_codecs.go", "livekit/sip#281", "livekit/livekit#2937"],
  },
  NEGATIVE_TIME: {
    severity: "error",
    needs: "text",
    means: "A time limit is negative: no call can last so long.",
    example: "ringingTimeout: -5s",
    cure: "Set the time that you want, or leave it empty.",
    sources: ["livekit protocol protobufs/livekit_sip.proto", "livekit/sip#198"],
  },
  SHORT_RINGING: {
    severity: "warning",
    needs: "text",
    means: "The ringing time is shorter than an agent may need to start: calls end before they are answered.",
    example: "ringingTimeout: 3s",
    cure: "Allow at least 10 s.",
    sources: [
      "https://community.livekit.io/t/sip-gateway-sends-180-ringing-12s-after-agent-joins-room-and-publishes-audio/323",
      "livekit/sip#198",
    ],
  },
  SHORT_CALLS: {
    severity: "warning",
    needs: "text",
    means: "Calls are cut off within a minute. The field counts seconds; milliseconds or minutes are often meant.",
    example: "maxCallDuration: 30s",
    cure: "Set the longest call that you want, or leave it empty.",
    sources: ["livekit/sip#353", "livekit/sip#198"],
  },
} as const satisfies Record<string, FindingKind>;
