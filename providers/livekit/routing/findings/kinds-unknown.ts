import type { FindingKind } from "./kind.ts";

/** What this version does not understand. Such objects are never proposed for removal. */
export const UNKNOWN_KINDS = {
  UNKNOWN_RULE_KIND: {
    severity: "warning",
    needs: "nothing",
    means:
      "A kind of dispatch rule that this version does not know, or that a file has lost: lk leaves out what is newer than it is. Where its calls go cannot be told.",
    example: "rule: { dispatchRuleIndividualCallee: { … } }",
    cure: "Update Trunkline; of a file, update lk, too, and check the name.",
    sources: ["livekit/sip#450", "livekit/protocol#1200"],
  },
  UNKNOWN_FIELD: {
    severity: "warning",
    needs: "nothing",
    means:
      "A field that this version does not know: a newer LiveKit's, or a mistyped one, which LiveKit's own tools refuse.",
    example: "allowed_adresses",
    cure: "Check the name; update Trunkline when LiveKit has added it.",
    sources: ["livekit-cli cmd/lk/proto.go, unmarshaller", "livekit/sip#358"],
  },
  UNKNOWN_VALUE: {
    severity: "warning",
    needs: "nothing",
    means: "A value that this version does not know for this field.",
    example: "mediaEncryption: ON",
    cure: "Check the value; update Trunkline when LiveKit has added it.",
    sources: ["livekit protocol protobufs/livekit_sip.proto"],
  },
  LEGACY_NUMBER_REGEX: {
    severity: "error",
    needs: "text",
    means:
      "A trunk of the first API limits callers by regular expressions. LiveKit has removed them: it refuses the trunk, or lets every caller in.",
    example: 'inboundNumbersRegex: ["^\\\\+49.*"]',
    cure: "Create an inbound trunk with allowedNumbers, and check patterns in the agent.",
    sources: ["livekit/sip#38", "livekit/sip#197"],
  },
} as const satisfies Record<string, FindingKind>;
